-- Asks the customer how it went, unless they were asked something too lately, or go on talking.
-- KEYS[16] customer:<id>:asked HASH survey → asked, ms
-- ARGV[4] kind  ARGV[5] after: 'person' | 'answer'  ARGV[6] ms that lie between any two questions
-- ARGV[7] ms that lie between two of this kind  ARGV[8] data of survey.asked, JSON
-- Returns ASKED | REPEATED | TOO_SOON | NOT_NOW
local ASKED = KEYS[16]
local kind, after, quiet, again, data = ARGV[4], ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8]
local OVER = { wrap_up = true, closed = true }

if not load() then return { 'NO_SUCH' } end
if conv.survey_ms == NOW and conv.survey == kind then return reply('REPEATED', conv.survey_seq) end
if after == 'person' and not OVER[conv.state] then return reply('NOT_NOW') end
if after == 'answer' and conv.state ~= 'bot' then return reply('NOT_NOW') end

local asked = redis.call('HGETALL', ASKED)
for i = 1, #asked, 2 do
  local space = asked[i] == kind and math.max(again, quiet) or quiet
  if tonumber(asked[i + 1]) > tonumber(NOW) - space then return reply('TOO_SOON') end
end
redis.call('HSET', ASKED, kind, NOW)
redis.call('PEXPIRE', ASKED, math.max(again, tonumber(redis.call('PTTL', ASKED))))
local agent = conv.agent_id or conv.known_agent
if after == 'person' and agent then data = extend(data, '"agent_id":' .. cjson.encode(agent)) end
set('survey_about', conv.seq)
local seq = append('survey.asked', extend(data, '"about":' .. conv.seq))
set('survey', kind)
set('survey_ms', NOW)
set('survey_seq', seq)
set('survey_after', after)
return reply('ASKED', seq)
