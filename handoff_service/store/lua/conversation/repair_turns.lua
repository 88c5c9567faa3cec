-- Makes sure that a worker hears of the answers that the bot owes, under the present epoch; drops turns
-- owed while the bot may not speak, as a change of owner does.
-- Returns MENDED | FINE
if not load() then return { 'NO_SUCH' } end
local mended = false
local owner = OWNER[conv.state]
local turns = redis.call('LRANGE', TURNS, 0, -1)

if #turns > 0 and (owner == 'agent' or owner == 'nobody' or (owner == 'queue' and conv.met_agent)) then
  redis.call('DEL', TURNS)
  turns, mended = {}, true
end
for i, turn in ipairs(turns) do
  local now = turn:gsub('"epoch":%d+}$', '"epoch":' .. conv.epoch .. '}')
  if now ~= turn then
    redis.call('LSET', TURNS, i - 1, now)
    mended = true
  end
end
if conv.job and #redis.call('XRANGE', JOBS, conv.job, conv.job) == 0 then
  clear('job')
  mended = true
end
if #turns > 0 and not conv.job then
  set('job', redis.call('XADD', JOBS, '*', 'conversation_id', ID))
  mended = true
end
return reply(mended and 'MENDED' or 'FINE', conv.seq)
