{#-
  What `ref` gives, for macros that the analyses call too. An analysis may not rest on what a project leaves out, so there it is
  looked up among what dbt builds: none if nothing of this name is.
-#}
{%- macro onepassword_ref(name) -%}
  {%- if model is not defined or model.resource_type != 'analysis' -%}{{ return(ref(name)) }}{%- endif -%}
  {%- for node in graph.nodes.values() if node.name == name and node.resource_type in ['model', 'seed', 'snapshot'] -%}
    {{ return(api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias)) }}
  {%- endfor -%}
  {{ return(none) }}
{%- endmacro -%}
