"""metadata.yaml and acceptance-test-config.yml, as Airbyte's registry and its test suites want them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree

import yaml
from airbyte_cdk.models.connector_metadata import MetadataFile

from places import ROOT, STREAMS

REQUIRED = {
    "name",
    "definitionId",
    "connectorType",
    "dockerRepository",
    "dockerImageTag",
    "license",
    "documentationUrl",
    "githubIssueLabel",
    "connectorSubtype",
    "releaseStage",
}
# Of the optional keys of the registry's schema, those that a source in a language of its own may use.
OPTIONAL = {
    "icon",
    "connectorTestSuitesOptions",
    "externalDocumentationUrls",
    "maxSecondsBetweenMessages",
    "releaseDate",
    "protocolVersion",
    "erdUrl",
    "supportLevel",
    "tags",
    "registryOverrides",
    "allowedHosts",
    "releases",
    "suggestedStreams",
    "resourceRequirements",
    "ab_internal",
    "supportsFileTransfer",
}
TEST_SUITES = {"unitTests", "integrationTests", "acceptanceTests", "liveTests"}
URL_TYPES = {
    "api_deprecations",
    "api_reference",
    "api_release_history",
    "authentication_guide",
    "data_model_reference",
    "developer_community",
    "migration_guide",
    "openapi_spec",
    "other",
    "permissions_scopes",
    "rate_limits",
    "sql_reference",
    "status_page",
}


def test_the_registry_finds_every_key_that_it_requires_and_none_that_it_does_not_know(metadata: dict) -> None:
    document = yaml.safe_load((ROOT / "metadata.yaml").read_text())

    assert document.keys() == {"metadataSpecVersion", "data"}
    assert document["metadataSpecVersion"] == "1.0"
    assert REQUIRED <= metadata.keys()
    assert metadata.keys() <= REQUIRED | OPTIONAL


def test_the_cdk_reads_the_metadata() -> None:
    data = MetadataFile.from_file(ROOT / "metadata.yaml").data

    assert (data.dockerRepository, data.dockerImageTag) == ("source-1password", package()["version"])


def test_values_come_from_the_registrys_lists(metadata: dict) -> None:
    assert UUID(metadata["definitionId"]).version == 4
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", metadata["releaseDate"])
    assert metadata["releaseStage"] in {"alpha", "beta", "generally_available", "custom"}
    assert metadata["supportLevel"] in {"community", "certified", "archived"}
    assert {suite["suite"] for suite in metadata["connectorTestSuitesOptions"]} <= TEST_SUITES
    assert {url["type"] for url in metadata["externalDocumentationUrls"]} <= URL_TYPES
    assert metadata["registryOverrides"].keys() <= {"oss", "cloud"}


def test_tags_are_pairs_and_name_the_language(metadata: dict) -> None:
    pairs = [tag.split(":") for tag in metadata["tags"]]

    assert [len(pair) for pair in pairs] == [2] * len(pairs)
    assert ["language", "typescript"] in pairs


def test_a_major_version_comes_with_its_breaking_change(metadata: dict) -> None:
    # The registry wants an entry for every N.0.0, for 1.0.0 too.
    majors = {metadata["dockerImageTag"]} if metadata["dockerImageTag"].endswith(".0.0") else set()

    assert majors <= metadata.get("releases", {}).get("breakingChanges", {}).keys()


def test_every_address_is_https(metadata: dict) -> None:
    urls = [metadata["documentationUrl"], *(url["url"] for url in metadata["externalDocumentationUrls"])]

    assert [url for url in urls if not url.startswith("https://")] == []


def test_the_hosts_are_those_of_the_regions(metadata: dict) -> None:
    regions = json.loads((ROOT / "schemas/spec.json").read_text())["connectionSpecification"]["properties"]["region"]

    assert set(metadata["allowedHosts"]["hosts"]) == {f"events.{region}" for region in regions["enum"]}


def test_every_stream_is_suggested(metadata: dict) -> None:
    assert sorted(metadata["suggestedStreams"]["streams"]) == sorted(STREAMS)


def test_the_icon_is_a_square_drawing_without_outside_references() -> None:
    text = (ROOT / "icon.svg").read_text()
    root = ElementTree.fromstring(text)
    _, _, width, height = root.attrib["viewBox"].split()

    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert width == height
    assert "href" not in text


def test_the_scenarios_are_strict_and_cover_success_failure_and_exception() -> None:
    config = yaml.safe_load((ROOT / "acceptance-test-config.yml").read_text())
    suites = config["acceptance_tests"]
    connection = suites["connection"]["tests"]

    assert config["test_strictness_level"] == "high"
    assert {"spec", "connection", "discovery", "basic_read", "full_refresh", "incremental"} == suites.keys()
    assert {scenario["status"] for scenario in connection} == {"succeed", "failed", "exception"}
    assert [suite for suite, content in suites.items() if not ("tests" in content or "bypass_reason" in content)] == []


def test_every_configuration_that_has_to_fail_is_a_scenario() -> None:
    config = yaml.safe_load((ROOT / "acceptance-test-config.yml").read_text())
    scenarios = {Path(scenario["config_path"]).name for scenario in config["acceptance_tests"]["connection"]["tests"]}

    assert scenarios - {"config.json"} == {path.name for path in (ROOT / "test/acceptance").glob("*.json")}


def package() -> dict:
    return json.loads((ROOT / "package.json").read_text())
