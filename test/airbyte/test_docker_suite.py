"""The CDK's suite for images: every scenario of acceptance-test-config.yml against the image."""

from pathlib import Path

from airbyte_cdk.test.standard_tests.docker_base import DockerConnectorTestSuite

from places import ROOT


class TestImage(DockerConnectorTestSuite):
    @classmethod
    def get_connector_root_dir(cls) -> Path:
        return ROOT
