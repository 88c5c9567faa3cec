-- Tells the customer once per turn that the answer is late.
-- ARGV[4] turn  ARGV[5] epoch  ARGV[6] sentence
-- Returns NOTED | REPEATED | STALE
local turn, epoch, text = tonumber(ARGV[4]), ARGV[5], ARGV[6]

if not load() then return { 'NO_SUCH' } end
if conv.state ~= 'bot' or conv.epoch ~= epoch or head_turn() ~= turn then return reply('STALE') end
if tonumber(conv.turn_delayed or 0) >= turn then return reply('REPEATED') end

set('turn_delayed', turn)
return reply('NOTED', append('bot.delayed', '{"turn":' .. turn .. ',"text":' .. cjson.encode(text) .. '}'))
