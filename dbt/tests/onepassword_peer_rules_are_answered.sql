-- What other systems look for is answered by a rule or a mart that exists, or left out with a reason.
select peers.product, peers.rule, peers.covered_by
from {{ ref('onepassword_peer_rules') }} as peers
left join {{ ref('onepassword_rules') }} as rules
  on rules.rule = peers.covered_by
where rules.rule is null
  and not (peers.covered_by = 'out' and peers.reason is not null)
  and peers.covered_by not in (
    {%- for node in graph.nodes.values() | sort(attribute='name') if node.resource_type == 'model' and node.name.startswith('onepassword__') %}
    '{{ node.name }}',
    {%- endfor %}
    ''
  )
