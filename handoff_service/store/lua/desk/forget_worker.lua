-- Deletes a consumer that has left for good and owes nothing: deleting one that does would lose its entries.
-- KEYS[1] STREAM
-- ARGV[1] group  ARGV[2] consumer
-- Returns {FORGOTTEN | OWES}
local STREAM, group, consumer = KEYS[1], ARGV[1], ARGV[2]
local pending = redis.call('XPENDING', STREAM, group, '-', '+', 1, consumer)
if #pending > 0 then return { 'OWES' } end
redis.call('XGROUP', 'DELCONSUMER', STREAM, group, consumer)
return { 'FORGOTTEN' }
