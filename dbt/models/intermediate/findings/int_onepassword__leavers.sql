{#- The leavers whom the user supplied, as persons of the account: by identifier, or by e-mail in whatever case. -#}
select people.user_uuid, people.user_name, people.user_email, min(leavers.left_on) as left_on
from {{ onepassword_input('leavers') }} as leavers
inner join {{ ref('int_onepassword__people') }} as people
  on leavers.user_uuid = people.user_uuid
  or (leavers.user_uuid is null and lower(leavers.email) = lower(people.user_email))
where leavers.left_on is not null
group by people.user_uuid, people.user_name, people.user_email
