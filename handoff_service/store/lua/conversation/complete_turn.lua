-- Appends the bot's answer to a turn and, if the answer is a handoff, puts the conversation in the queue:
-- all in one step, once per turn, and only under the epoch the turn was posted in. Ends the worker's job
-- in every case.
-- ARGV[4] job id  ARGV[5] turn  ARGV[6] epoch  ARGV[7] language, '' = unchanged
-- ARGV[8] handoff, JSON, '' = none  ARGV[9] sentence when someone is on duty  ARGV[10] when nobody is
-- ARGV[11..] data of each message.posted, JSON
-- Returns COMPLETED | REPEATED | STALE
local job, turn, epoch, language = ARGV[4], tonumber(ARGV[5]), ARGV[6], ARGV[7]
local handoff, queued, nobody = ARGV[8], ARGV[9], ARGV[10]

if not load() then
  settle(job)
  return { 'NO_SUCH' }
end
if turn <= tonumber(conv.turn_done or 0) then
  settle(job)
  return reply('REPEATED', conv.seq)
end
if conv.state ~= 'bot' or conv.epoch ~= epoch or head_turn() ~= turn then
  settle(job) -- the conversation has another owner: a late answer must not be heard
  return reply('STALE')
end

redis.call('LPOP', TURNS)
set('turn_done', turn)
redis.call('ZADD', TIMERS, IDLE_AT, ID)
local seq = 0
if language ~= '' and language ~= conv.language then
  set('language', language)
  seq = append('language.changed', '{"language":' .. cjson.encode(language) .. '}')
end
for i = 11, #ARGV do seq = append('message.posted', ARGV[i]) end
if handoff ~= '' then seq = request_handoff(handoff, queued, nobody) end
settle(job)
return reply('COMPLETED', seq)
