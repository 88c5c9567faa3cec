-- Stores what the customer says to the question that was asked last, or that they skip it, once per
-- message_id; a later answer counts instead of an earlier one.
-- ARGV[4] message_id  ARGV[5] kind  ARGV[6] score, '' = skipped  ARGV[7] data of survey.answered, JSON
-- Returns ANSWERED | REPEATED | NOT_ASKED
local message_id, kind, score, data = ARGV[4], ARGV[5], ARGV[6], ARGV[7]

if not load() then return { 'NO_SUCH' } end
local before = stored(message_id)
if before then return reply('REPEATED', before) end
if conv.survey ~= kind then return reply('NOT_ASKED') end

local asked = '"about":' .. conv.survey_about .. ',"after":"' .. conv.survey_after .. '"'
local agent = conv.agent_id or conv.known_agent
if conv.survey_after == 'person' and agent then asked = asked .. ',"agent_id":' .. cjson.encode(agent) end
if kind == 'csat' and score ~= '' then set('stars', score) end
return reply('ANSWERED', store(message_id, append('survey.answered', extend(data, asked))))
