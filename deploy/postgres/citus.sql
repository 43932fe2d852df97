-- Spreads admission over several servers, by port of entry. Run once by a superuser of the coordinator, in the database
-- `admission`, after `crossing migrate admission` and before the first port is opened. docs/citus.md says when and how.

CREATE EXTENSION IF NOT EXISTS citus;

-- Read beside every examination and written seldom: a copy on every server.
SELECT create_reference_table('ports');
SELECT create_reference_table('terminals');
SELECT create_reference_table('port_notices');
SELECT create_reference_table('port_notice_readings');
SELECT create_reference_table('rule_packs');
SELECT create_reference_table('ruling_trust');
SELECT create_reference_table('lookouts');
SELECT create_reference_table('members');
SELECT create_reference_table('exits');
SELECT create_reference_table('remedies');

-- What belongs to an examination stands with its port; so does the port's chain, whose name is the port's.
SELECT create_distributed_table('examinations', 'port_id');
SELECT create_distributed_table('revisions', 'port_id', colocate_with => 'examinations');
SELECT create_distributed_table('presented_rulings', 'port_id', colocate_with => 'examinations');
SELECT create_distributed_table('stays', 'port_id', colocate_with => 'examinations');
SELECT create_distributed_table('remedy_uses', 'port_id', colocate_with => 'examinations');
SELECT create_distributed_table('chain_heads', 'chain', colocate_with => 'examinations');
SELECT create_distributed_table('audit_entries', 'chain', colocate_with => 'examinations');
SELECT create_distributed_table('chain_verifications', 'chain', colocate_with => 'examinations');

-- The coordinator's own: what is claimed by the row, and what is read by a key that names no port.
SELECT citus_add_local_table_to_metadata('jobs');
SELECT citus_add_local_table_to_metadata('inbox');
SELECT citus_add_local_table_to_metadata('idempotency_keys');
SELECT citus_add_local_table_to_metadata('readiness');
