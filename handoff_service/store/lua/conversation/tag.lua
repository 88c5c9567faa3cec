-- Puts tags on a conversation and takes tags off, once per message_id, in any state. Of two who change the
-- same tag the later one counts; different ones never get lost.
-- ARGV[4] key of the message_id  ARGV[5] tags to add, JSON list  ARGV[6] tags to take off, JSON list
-- ARGV[7] how many it may have  ARGV[8] data of conversation.tagged but the lists, JSON
-- Returns TAGGED | REPEATED | TOO_MANY
local message_id, add, remove, most, data = ARGV[4], ARGV[5], ARGV[6], tonumber(ARGV[7]), ARGV[8]

if not load() then return { 'NO_SUCH' } end
local before = stored(message_id)
if before then return reply('REPEATED', before) end

local gone, has, tags = {}, {}, {}
for _, tag in ipairs(cjson.decode(remove)) do gone[tag] = true end
local function keep(tag)
  if has[tag] then return end
  has[tag] = true
  tags[#tags + 1] = tag
end
for _, tag in ipairs(cjson.decode(conv.tags or '[]')) do if not gone[tag] then keep(tag) end end
for _, tag in ipairs(cjson.decode(add)) do keep(tag) end
if #tags > most then return reply('TOO_MANY') end

if #tags > 0 then set('tags', cjson.encode(tags)) else clear('tags') end
return reply('TAGGED', store(message_id, append('conversation.tagged',
  extend(data, '"add":' .. add .. ',"remove":' .. remove))))
