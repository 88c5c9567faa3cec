-- Appends the bot's answer to a turn, once per turn, and only under the epoch the turn was posted in. If
-- the answer is a handoff, the same step puts the conversation in the queue. While the customer waits there
-- the bot only helps: of what it says answers and notices are kept, and the wish to go back to the bot, which takes
-- the conversation out of the queue. Ends the worker's job in every case.
-- ARGV[4] holder: the agent it is offered to, '' = none  ARGV[5] job id  ARGV[6] turn  ARGV[7] epoch
-- ARGV[8] language, '' = unchanged  ARGV[9] handoff, JSON, '' = none
-- ARGV[10] what the handoff needs, JSON  ARGV[11] sentence when someone is on duty
-- ARGV[12] what holds when nobody is, JSON (_prelude)  ARGV[13..] kind and data of each message.posted, JSON
-- Returns COMPLETED | REPEATED | STALE | MOVED
local holder, job, turn, epoch, language = ARGV[4], ARGV[5], tonumber(ARGV[6]), ARGV[7], ARGV[8]
local handoff, wanted, queued, nobody = ARGV[9], ARGV[10], ARGV[11], ARGV[12]

if not load() then
  settle(job)
  return { 'NO_SUCH' }
end
if turn <= tonumber(conv.turn_done or 0) then
  settle(job)
  return reply('REPEATED', conv.seq)
end
local owner = OWNER[conv.state]
local silent = owner == 'agent' or owner == 'nobody' or (owner == 'queue' and conv.met_agent)
if silent or conv.epoch ~= epoch or head_turn() ~= turn then
  settle(job) -- another owner, or one who waits to talk on with a person: a late answer must not be heard
  return reply('STALE')
end

local waits, returns = owner == 'queue', false
for i = 13, #ARGV, 2 do returns = returns or waits and ARGV[i] == 'back_to_bot' end
if returns and not holder_given(holder) then return { 'MOVED' } end

redis.call('LPOP', TURNS)
set('turn_done', turn)
clear('handed_back') -- the bot has heard it
local seq = 0
if language ~= '' and language ~= conv.language then
  set('language', language)
  seq = append('language.changed', '{"language":' .. cjson.encode(language) .. '}')
end
if returns then
  move('bot')
  seq = append('handoff.cancelled', '{}')
end
if conv.state == 'bot' then redis.call('ZADD', TIMERS, IDLE_AT, ID) end
local first_answer
for i = 13, #ARGV, 2 do
  if not waits or returns or ARGV[i] == 'answer' or ARGV[i] == 'notice' then
    seq = append('message.posted', ARGV[i + 1])
    if ARGV[i] == 'answer' then first_answer = first_answer or seq end
  end
end
if first_answer then set('answers_from', first_answer) end
if handoff ~= '' and not waits then seq = request_handoff(handoff, wanted, queued, nobody) end
settle(job)
return reply('COMPLETED', seq)
