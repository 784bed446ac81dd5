"""Places in the United Kingdom that none of the guide's policies covers.

Local authorities and larger towns, as people type them: small letters, no hyphens. A place that a
policy file names is looked up there first, so an entry here never hides a policy's own place.
"""

_LONDON = """
barking and dagenham, barking, dagenham, barnet, bexley, bexleyheath, brent, wembley, bromley, camden, croydon,
ealing, southall, acton, enfield, edmonton, greenwich, woolwich, eltham, hammersmith and fulham, hammersmith, fulham,
haringey, tottenham, wood green, harrow, havering, romford, hillingdon, uxbridge, hayes, hounslow, feltham, islington,
kensington and chelsea, kensington, chelsea, kingston upon thames, lambeth, brixton, streatham, lewisham, catford,
deptford, merton, wimbledon, mitcham, newham, stratford, east ham, west ham, redbridge, ilford, richmond upon thames,
twickenham, southwark, peckham, bermondsey, sutton, tower hamlets, bethnal green, poplar, waltham forest, walthamstow,
leyton, leytonstone, chingford, wandsworth, battersea, tooting, balham, westminster, paddington, kentish town,
thamesmead, erith, sidcup, orpington, finchley, hendon, edgware
"""
_SOUTH_EAST = """
medway, chatham, gillingham, rochester, rainham, strood, surrey, guildford, woking, epsom, reigate, redhill, camberley,
farnham, staines, dorking, leatherhead, east sussex, west sussex, sussex, brighton, brighton and hove, hove, hastings,
eastbourne, lewes, bexhill, rother, wealden, uckfield, crowborough, crawley, horsham, worthing, chichester, bognor,
bognor regis, littlehampton, haywards heath, burgess hill, adur, arun, mid sussex, hampshire, southampton, portsmouth,
winchester, basingstoke, andover, fareham, gosport, havant, eastleigh, farnborough, aldershot, new forest, isle of wight,
rushmoor, test valley, berkshire, reading, slough, bracknell, bracknell forest, wokingham, windsor, maidenhead,
windsor and maidenhead, west berkshire, newbury, oxfordshire, oxford, banbury, bicester, abingdon, didcot, witney,
cherwell, vale of white horse, buckinghamshire, bucks, aylesbury, high wycombe, wycombe, milton keynes, bletchley,
amersham, chesham
"""
_EAST = """
essex, southend, southend on sea, thurrock, grays, tilbury, basildon, chelmsford, colchester, clacton, harlow,
braintree, brentwood, castle point, rochford, tendring, uttlesford, maldon, epping, epping forest, canvey, harwich,
hertfordshire, herts, watford, st albans, stevenage, hemel hempstead, hertford, hatfield, welwyn, welwyn garden city,
hitchin, letchworth, bishops stortford, broxbourne, cheshunt, dacorum, three rivers, hertsmere, borehamwood, royston,
cambridgeshire, cambridge, peterborough, huntingdon, huntingdonshire, st neots, wisbech, fenland, ely, norfolk, norwich,
great yarmouth, kings lynn, thetford, dereham, breckland, broadland, suffolk, ipswich, lowestoft, bury st edmunds,
felixstowe, stowmarket, haverhill, newmarket, sudbury
"""
_SOUTH_WEST = """
bristol, bath, bath and north east somerset, banes, north somerset, weston super mare, south gloucestershire, somerset,
taunton, yeovil, bridgwater, mendip, glastonbury, frome, wells, minehead, devon, exeter, plymouth, torbay, torquay,
paignton, barnstaple, newton abbot, exmouth, tiverton, honiton, axminster, cornwall, truro, penzance, falmouth, newquay,
st austell, bodmin, camborne, redruth, isles of scilly, gloucestershire, gloucester, cheltenham, stroud, tewkesbury,
cirencester, forest of dean, cotswold, wiltshire, swindon, salisbury, trowbridge, chippenham, devizes, warminster
"""
_MIDLANDS = """
birmingham, coventry, dudley, sandwell, west bromwich, solihull, walsall, wolverhampton, stourbridge, halesowen,
warwickshire, warwick, leamington, leamington spa, nuneaton, bedworth, rugby, stratford upon avon, north warwickshire,
worcestershire, worcester, redditch, kidderminster, bromsgrove, malvern, wyre forest, evesham, herefordshire, hereford,
shropshire, shrewsbury, telford, telford and wrekin, staffordshire, stafford, stoke on trent, stoke, burton on trent,
tamworth, lichfield, cannock, newcastle under lyme, leek, derby, derbyshire, chesterfield, glossop, buxton, ilkeston,
high peak, amber valley, erewash, bolsover, nottingham, nottinghamshire, mansfield, worksop, newark, ashfield,
bassetlaw, broxtowe, gedling, rushcliffe, leicester, leicestershire, loughborough, hinckley, melton mowbray, charnwood,
coalville, rutland, oakham, lincoln, lincolnshire, boston, grantham, skegness, gainsborough, spalding, stamford,
north lincolnshire, scunthorpe, north east lincolnshire, grimsby, cleethorpes, northampton, northamptonshire,
west northamptonshire, north northamptonshire, corby, kettering, wellingborough, rushden, daventry, brackley, towcester
"""
_NORTH = """
manchester, salford, bolton, bury, oldham, rochdale, stockport, tameside, trafford, wigan, sale, altrincham, leigh,
ashton under lyne, greater manchester, merseyside, liverpool, knowsley, sefton, st helens, wirral, birkenhead, bootle,
southport, halton, runcorn, widnes, warrington, cheshire, cheshire east, cheshire west, cheshire west and chester,
chester, crewe, macclesfield, congleton, ellesmere port, northwich, lancashire, lancaster, morecambe, preston,
blackpool, blackburn, blackburn with darwen, burnley, accrington, nelson, pendle, chorley, skelmersdale, fleetwood,
rossendale, hyndburn, cumbria, cumberland, westmorland and furness, carlisle, barrow in furness, barrow, kendal,
workington, whitehaven, penrith, leeds, bradford, keighley, wakefield, pontefract, castleford, kirklees, huddersfield,
dewsbury, batley, calderdale, halifax, sheffield, rotherham, doncaster, barnsley, hull, kingston upon hull, east riding,
east riding of yorkshire, bridlington, beverley, goole, york, north yorkshire, harrogate, scarborough, whitby, ripon,
skipton, selby, northallerton, craven, west yorkshire, south yorkshire, yorkshire, middlesbrough, redcar,
redcar and cleveland, stockton, stockton on tees, hartlepool, darlington, county durham, durham, bishop auckland,
consett, gateshead, newcastle, newcastle upon tyne, north tyneside, south tyneside, south shields, sunderland,
northumberland, ashington, blyth, morpeth, tyne and wear, teesside
"""
_OTHER_NATIONS = """
wales, cardiff, swansea, newport, wrexham, bridgend, merthyr tydfil, rhondda, caerphilly, torfaen, cwmbran, barry,
vale of glamorgan, neath, port talbot, llanelli, carmarthenshire, ceredigion, pembrokeshire, powys, gwynedd, anglesey,
conwy, denbighshire, flintshire, monmouthshire, blaenau gwent, scotland, glasgow, edinburgh, aberdeen, dundee, inverness,
fife, stirling, perth, falkirk, paisley, lanarkshire, ayrshire, northern ireland, belfast, derry, londonderry, lisburn,
newry, jersey, guernsey, isle of man
"""
ELSEWHERE = frozenset(
    " ".join(name.split())
    for region in (
        _LONDON, _SOUTH_EAST, _EAST, _SOUTH_WEST, _MIDLANDS, _NORTH, _OTHER_NATIONS
    )
    for name in region.replace("\n", " ").split(",")
    if name.strip()
)  # fmt: skip
"""Every such place, in small letters with blanks for hyphens."""
