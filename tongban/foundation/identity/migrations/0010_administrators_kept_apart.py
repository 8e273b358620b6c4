"""三员分立 in the database: whoever writes the row, no account holds an administrator's post beside another role, on any day.

The roles are those of `rules.SEPARATED`; a test holds the two together. The post is locked before the account, and both before
anything is looked at, so that of two that would clash the later one sees the earlier.
"""

from django.db import migrations

GUARD = """
create function identity_kept_apart(seat identity_appointment) returns void language plpgsql as $$
declare
    its_role text;
begin
    if seat.ended_at is not null then
        return;
    end if;
    select role into its_role from organisations_post where id = seat.post_id for share;
    perform 1 from identity_account where id = seat.account_id for no key update;
    if exists (
        select from identity_appointment other join organisations_post post on post.id = other.post_id
        where other.account_id = seat.account_id and other.id <> seat.id and other.ended_at is null
          and daterange(other.starts_on, other.ends_on, '[]') && daterange(seat.starts_on, seat.ends_on, '[]')
          and post.role <> its_role
          and (post.role in ('system_admin', 'security_admin', 'audit_admin')
               or its_role in ('system_admin', 'security_admin', 'audit_admin'))
    ) then
        raise exception 'identity: an administrator holds no other post'
            using errcode = 'check_violation', constraint = 'administrators_kept_apart', table = 'identity_appointment';
    end if;
end $$;

create function identity_seat_kept_apart() returns trigger language plpgsql as $$
begin
    perform identity_kept_apart(new);
    return null;
end $$;

create function identity_post_kept_apart() returns trigger language plpgsql as $$
begin
    perform identity_kept_apart(seat) from identity_appointment seat where seat.post_id = new.id order by seat.account_id;
    return null;
end $$;

create trigger administrators_kept_apart after insert or update on identity_appointment
    for each row execute function identity_seat_kept_apart();
create trigger administrators_kept_apart after update of role on organisations_post
    for each row when (old.role is distinct from new.role) execute function identity_post_kept_apart();
alter table identity_appointment enable always trigger administrators_kept_apart;
alter table organisations_post enable always trigger administrators_kept_apart;
"""
UNGUARD = """
drop trigger administrators_kept_apart on identity_appointment;
drop trigger administrators_kept_apart on organisations_post;
drop function identity_seat_kept_apart(); drop function identity_post_kept_apart();
drop function identity_kept_apart(identity_appointment);
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0009_clearances_and_phones"), ("organisations", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
