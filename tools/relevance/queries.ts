/** What somebody types, and the SKUs of which one has to come first, as a person has read them in the file. */
export type Asked = readonly [query: string, ...skus: readonly string[]]

const skus: readonly Asked[] = [
  ['85123A', '85123A'],
  ['22423', '22423'],
  ['15056bl', '15056BL'],
  ['84968a', '84968A'],
  ['2172', '21720', '21721', '21722', '21723', '21724', '21725', '21726', '21727', '21728', '21729'],
  ['90214O', '90214O'],
  ['47480', '47480'],
]

const wholeNames: readonly Asked[] = [
  ['WHITE HANGING HEART T-LIGHT HOLDER', '85123A'],
  ['regency cakestand 3 tier', '22423'],
  ['Set of 72 retrospot paper doilies', '21210'],
  ['letter "o" bling key ring', '90214O'],
  ["dolly mixture children's umbrella", '20686'],
  ['turq+red boudicca large bracelet', '90160C'],
  ['COFFEE MUG CAT + BIRD DESIGN', '22301'],
  ['silver/nat shell necklace w pendant', '90152A'],
]

const words: readonly Asked[] = [
  ['piggy bank', '22637'],
  ['skipping rope', '21891'],
  ['gingerbread cutter', '22966'],
  ['shoe shine', '21784'],
  ['plant ladder', '22487'],
  ['sandalwood', '15039'],
  ['jug cream measuring', '22429'],
  ['knitting nancy', '22621'],
  ['toadstool money box', '21452'],
  ['white alarm clock', '84659A'],
  ['sunset hammock', '84795B'],
  ['mug circus parade', '22973'],
  ['home sweet home doormat', '21523', '21524', '22690'],
  ['first aid', '21260', '21906', '22494', '84874B'],
  ['3 tier cakestand', '22423', '22776'],
  ['deluxe sewing', '22654'],
  ['disco ball', '20668', '21463', '21464'],
  ['bar stool', '20785', '21763'],
  ['wall planter', '20845', '22822'],
  ['recipe book', '22795'],
]

const beginnings: readonly Asked[] = [
  ['harmon', '21914', '21915'],
  ['chande', '84616', '90072'],
  ['political glo', '10002'],
  ['sandwich ba', '20966'],
  ['camphor wood mush', '21375', '21377', '21379'],
  ['trad teapot', '21527', '21528'],
  ['small pop', '22197'],
  ['edwardian par', '15056BL', '15056N', '15056P', '20679'],
]

const misspellings: readonly Asked[] = [
  ['cakstand', '22423', '22776'],
  [
    'umbrela',
    '15060B',
    '85014A',
    '85014B',
    '20681',
    '20682',
    '20684',
    '20686',
    '21706',
    '21707',
    '21708',
    '21709',
  ],
  ['unbrella folding', '21706', '21707', '21708', '21709'],
  ['harmonika', '21914', '21915'],
  ['chandeleir', '84616', '90072'],
  ['birthouse crested', '21547'],
  ['thermometre', '22925', '22926', '22927', '22928', '84925D', '84925F'],
  ['gingerbred', '22966'],
  ['passpot cover', '20615', '20616', '20617', '20618', '20619', '21864', '21865'],
  ['sandelwood fan', '15039'],
  ['hamock', '21922', '84795B', '84795C'],
  ['knittng nancy', '22621'],
  ['measurring jug', '22429'],
  ['skiping rope', '21891'],
  ['regancy cakestand', '22423'],
  ['teaopt gift box', '37500'],
  ['popcron holder', '22197', '22198'],
]

const otherSpellings: readonly Asked[] = [
  ['childrens umbrella', '20681', '20682', '20684', '20686'],
  ['t light holder white hanging heart', '85123A'],
  ['hot-water bottle skull', '21479'],
  ['alarm clocks', '22725', '22726', '22727', '22728', '22729', '22730', '84659A'],
  ['mirrored disco balls', '21463'],
  ['pharmacie tins', '21906'],
  ['blue (harmonica)', '21914'],
  ['zinc héart lattice planter', '20845'],
  ['pink/blue disc', '84422'],
]

export const queries: readonly Asked[] = [
  ...skus,
  ...wholeNames,
  ...words,
  ...beginnings,
  ...misspellings,
  ...otherSpellings,
]
