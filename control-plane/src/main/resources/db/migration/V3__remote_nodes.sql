-- What a request said beyond what every provider understands, such as host and port of an existing server. No secret.
ALTER TABLE node ADD COLUMN options jsonb NOT NULL DEFAULT '{}';

-- One machine is one node.
CREATE UNIQUE INDEX node_server_in_use ON node ((options ->> 'host'), (options ->> 'port'))
    WHERE provider = 'ssh' AND state <> 'decommissioned';

-- Everything of Pressluft was taken off the machine; what is left is to see that it refuses the key.
ALTER TABLE node ADD COLUMN cleaned boolean NOT NULL DEFAULT false;
