// What the demo shop sells.

/** The prices are in minor units of a currency with two decimals. The pictures are those of the shop in web/. */
export const demoProducts = [
  {
    ...{
      sku: 'MUG-01',
      name: 'Stoneware mug',
      category: 'kitchen',
      priceMinor: '1250',
      stock: 240,
      picture: 'mug',
    },
    description: 'Thrown by hand, with a glaze that keeps its colour in the dishwasher. It holds 350 ml.',
  },
  {
    ...{
      sku: 'MUG-02',
      name: 'Espresso cup, set of two',
      category: 'kitchen',
      priceMinor: '1890',
      stock: 120,
    },
    ...{ picture: 'espresso', description: 'One dark and one light, each with a saucer of beech.' },
  },
  {
    ...{ sku: 'KET-01', name: 'Gooseneck kettle', category: 'kitchen', priceMinor: '6900', stock: 35 },
    ...{ picture: 'kettle', description: 'Pours as slowly as coffee wants it. For all stoves, 0.9 l.' },
  },
  {
    ...{ sku: 'LMP-01', name: 'Desk lamp', category: 'home', priceMinor: '4500', stock: 60, picture: 'lamp' },
    description: 'Two joints and a warm light that does not dazzle.',
  },
  {
    ...{
      sku: 'LMP-02',
      name: 'Paper lantern',
      category: 'home',
      priceMinor: '990',
      stock: 500,
      picture: 'lantern',
    },
    description: 'Mulberry paper over bamboo, 40 cm across.',
  },
  {
    ...{
      sku: 'BLK-01',
      name: 'Wool blanket',
      category: 'home',
      priceMinor: '8900',
      stock: 25,
      picture: 'blanket',
    },
    description: 'New wool, woven in twill, 140 by 200 cm.',
  },
  {
    ...{
      sku: 'NTB-01',
      name: 'Dotted notebook',
      category: 'desk',
      priceMinor: '1400',
      stock: 800,
      picture: 'notebook',
    },
    description: 'A5, 192 pages that lie flat and take ink well.',
  },
  {
    ...{
      sku: 'PEN-01',
      name: 'Fountain pen',
      category: 'desk',
      priceMinor: '3200',
      stock: 90,
      picture: 'pen',
    },
    description: 'A medium steel nib, and a converter for ink from the bottle.',
  },
  {
    ...{
      sku: 'BAG-01',
      name: 'Canvas tote',
      category: 'bags',
      priceMinor: '2100',
      stock: 300,
      picture: 'tote',
    },
    description: 'Heavy cotton with long handles. It carries a week of groceries.',
  },
  {
    ...{ sku: 'LTD-01', name: 'Signed print, numbered', category: 'limited', priceMinor: '12000', stock: 3 },
    ...{ picture: 'print', description: 'Three are left of an edition of fifty.' },
  },
] as const

/** One family, whose products differ in two options. */
export const demoShirt = {
  ...{ name: 'Linen shirt', category: 'clothes', priceMinor: '5900' },
  description: 'Washed linen with short sleeves and a pocket.',
  colours: ['sand', 'navy'],
  sizes: ['S', 'M', 'L'],
} as const
