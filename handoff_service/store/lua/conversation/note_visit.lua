-- Notes what a browser that comes back tells of itself, and who its customer is as the site signed it. A
-- conversation belongs to one customer: nobody else may go on with it, signed or not. An anonymous one
-- becomes the customer's who signs in during it.
-- ARGV[4] customer_id that the browser's own token names
-- ARGV[5] identity, JSON, '' = none  ARGV[6] its customer_id, '' = none  ARGV[7..] more fields, name and value
-- Returns NOTED | IDENTIFIED | NOT_YOURS
local known, identity, customer_id = ARGV[4], ARGV[5], ARGV[6]

if not load() then return { 'NO_SUCH' } end
local owner = conv.identity and customer_id or known
if conv.customer_id ~= owner then return reply('NOT_YOURS', conv.seq) end

for i = 7, #ARGV, 2 do set(ARGV[i], ARGV[i + 1]) end
if identity == '' or identity == conv.identity then return reply('NOTED', conv.seq) end
set('identity', identity)
set('customer_id', customer_id)
return reply('IDENTIFIED', append('customer.identified', identity))
