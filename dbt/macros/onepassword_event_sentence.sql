{#- The sentence of a row of int_onepassword__audit_meanings, which is aliased `events`, after `template`. -#}
{%- macro onepassword_event_sentence(template) -%}
  {%- set object_word -%}
    case
      when {{ template }} like '{actor}%' and events.object_type = 'user' and events.object_uuid = events.actor_uuid then 'their own account'
      else coalesce(events.object_name, events.object_email, events.object_uuid)
    end
  {%- endset -%}
  {%- set aux_word -%}
    case
      when {{ template }} like '{actor}%' and events.aux_uuid = events.actor_uuid then 'themselves'
      else coalesce(events.aux_name, events.aux_email, events.aux_uuid)
    end
  {%- endset -%}
  {%- set info_word -%}
    case
      when events.object_type = 'gm' and events.aux_info = 'A' then 'a manager'
      when events.object_type = 'gm' and events.aux_info = 'R' then 'a member'
      else events.aux_info
    end
  {%- endset -%}
  {{ return(onepassword_sentence(template, {
    'actor': 'coalesce(events.actor_name, events.actor_email, events.actor_uuid)',
    'object': object_word,
    'aux': aux_word,
    'info': info_word,
    'action': "coalesce(events.action, '')",
    'type': "coalesce(events.object_type, '')",
  })) }}
{%- endmacro -%}
