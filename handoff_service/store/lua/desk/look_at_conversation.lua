-- Reads all that the audit compares of one conversation, in one step; changes nothing.
-- KEYS[1] conv:<id> HASH  KEYS[2] conv:<id>:events STREAM  KEYS[3] conv:<id>:turns LIST  KEYS[4] jobs STREAM
-- KEYS[5] log STREAM  KEYS[6] agent:<id> HASH  KEYS[7] agent:<id>:held ZSET  KEYS[8..] indexes ZSET
-- ARGV[1] conversation id
-- Returns {SEEN, JSON: fields and scores as lists of name and value in turn, the rest by name}
local CONV, EVENTS, TURNS, JOBS, LOG, AGENT, HELD = unpack(KEYS, 1, 7)
local id = ARGV[1]

local fields = redis.call('HGETALL', CONV)
local conv = {}
for i = 1, #fields, 2 do conv[fields[i]] = fields[i + 1] end

local scores = {}
for i = 8, #KEYS do scores[#scores + 1] = redis.call('ZSCORE', KEYS[i], id) end
local logged = conv.log_id and redis.call('XRANGE', LOG, conv.log_id, conv.log_id)[1]
return { 'SEEN', cjson.encode({
  fields = fields,
  scores = scores,
  turns = redis.call('LRANGE', TURNS, 0, -1),
  has_job = conv.job ~= nil and #redis.call('XRANGE', JOBS, conv.job, conv.job) == 1,
  agent_known = redis.call('HEXISTS', AGENT, 'name') == 1,
  weight = redis.call('ZSCORE', HELD, id),
  events = redis.call('XLEN', EVENTS),
  logged = logged and logged[2] or false,
}) }
