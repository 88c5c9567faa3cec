-- Notes which conversation an identified customer goes on with on any device, unless another device has
-- noted another one meanwhile.
-- KEYS[1] customer:<id>:conversation STRING
-- ARGV[1] conversation id  ARGV[2] the one noted before, '' = none  ARGV[3] seconds to live
-- Returns the conversation id that stands from now on
local NOTED = KEYS[1]
local conversation_id, before, kept_s = ARGV[1], ARGV[2], ARGV[3]

local current = redis.call('GET', NOTED) or ''
if current ~= before and current ~= conversation_id then return { current } end
redis.call('SET', NOTED, conversation_id, 'EX', kept_s)
return { conversation_id }
