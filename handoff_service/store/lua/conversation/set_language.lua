-- Changes the language in which the customer is spoken to.
-- ARGV[4] language
-- Returns CHANGED | SAME
local language = ARGV[4]

if not load() then return { 'NO_SUCH' } end
if conv.language == language then return reply('SAME', conv.seq) end

set('language', language)
return reply('CHANGED', append('language.changed', '{"language":' .. cjson.encode(language) .. '}'))
