-- What is told of an incident after its opening, and what is told late.

-- An address with a token in it is a secret and is kept sealed from now on. The key is not here; it has to be set anew.
DELETE FROM setting WHERE key = 'alert-webhook-url';

-- The messages of an incident have an order; on each channel none overtakes another.
ALTER TABLE alert_delivery ADD COLUMN number integer NOT NULL DEFAULT 1 CHECK (number > 0);
UPDATE alert_delivery SET number = 2 WHERE message = 'cleared';
ALTER TABLE alert_delivery DROP CONSTRAINT alert_delivery_message_check;
ALTER TABLE alert_delivery ADD CONSTRAINT alert_delivery_message_check
    CHECK (message IN ('opened', 'grown', 'cleared'));
ALTER TABLE alert_delivery DROP CONSTRAINT alert_delivery_incident_id_message_channel_key;
ALTER TABLE alert_delivery ADD CONSTRAINT one_message_per_number UNIQUE (incident_id, channel, number);

-- How many messages there were, and when the newest said who its members are.
ALTER TABLE incident ADD COLUMN messages integer NOT NULL DEFAULT 0;
ALTER TABLE incident ADD COLUMN told_at timestamptz;
UPDATE incident SET told_at = opened_at, messages = CASE state WHEN 'open' THEN 1 WHEN 'cleared' THEN 2 ELSE 0 END;

-- Since when it has been a member without a longer break, and whether a message has said so.
ALTER TABLE incident_member ADD COLUMN joined_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE incident_member ADD COLUMN told boolean NOT NULL DEFAULT true;
ALTER TABLE incident_member ALTER COLUMN told SET DEFAULT false;

-- When a channel last took a test message: what was given up before that is worth another message, and no news any more.
CREATE TABLE alert_channel (
    channel  text PRIMARY KEY CHECK (channel IN ('webhook', 'email')),
    taken_at timestamptz NOT NULL
);
CREATE INDEX alert_delivery_settled ON alert_delivery (channel, settled_at);
