-- Begins a conversation with the bot.
-- ARGV[4] data of conversation.started, JSON  ARGV[5] language  ARGV[6..] more fields, name and value
-- Returns STARTED | EXISTS
local data, language = ARGV[4], ARGV[5]

if load() then return reply('EXISTS') end
set('state', 'bot')
set('epoch', 1)
set('language', language)
set('started_ms', NOW)
for i = 6, #ARGV, 2 do set(ARGV[i], ARGV[i + 1]) end
enter('bot')
moved = '1'
return reply('STARTED', append('conversation.started', data))
