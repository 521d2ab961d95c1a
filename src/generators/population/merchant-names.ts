import { hash, unitOf } from '../numbers/random.ts';
import { countries } from './countries.ts';

/** Kinds of shop that names speak of, by category code. */
const kinds: Readonly<Record<string, string>> = {
  grocery: '5411',
  food: '5814 5812',
  fuel: '5541 5542',
  pharmacy: '5912',
  clothes: '5651 5311',
  transport: '4111 4121 4511',
  bank: '6011',
  digital: '5815 5816 5732 7995',
  utility: '4899 4814 4900 6300',
  hotel: '7011',
  shop: '5999 5942 5947 7997 8398',
};

/** Words for the kinds in the order above, by language. */
const words: Readonly<Record<string, string>> = {
  en: 'Market,Kitchen,Fuel,Pharmacy,Clothing,Transit,Bank ATM,Digital,Utilities,Hotel,Trading',
  de: 'Lebensmittel,Gasthaus,Tankstelle,Apotheke,Mode,Verkehr,Sparkasse,Digital,Stadtwerke,Hotel,Handel',
  fr: 'Epicerie,Brasserie,Carburants,Pharmacie,Mode,Transports,Banque,Numerique,Energie,Hotel,Boutique',
  es: 'Supermercado,Restaurante,Gasolinera,Farmacia,Moda,Transportes,Cajero,Digital,Energia,Hotel,Tienda',
  it: 'Alimentari,Trattoria,Carburanti,Farmacia,Moda,Trasporti,Banca,Digitale,Energia,Albergo,Negozio',
  nl: 'Supermarkt,Eetcafe,Tankstation,Apotheek,Mode,Vervoer,Bank,Digitaal,Energie,Hotel,Winkel',
  pl: 'Delikatesy,Restauracja,Paliwa,Apteka,Odziez,Transport,Bankomat,Cyfrowe,Energia,Hotel,Sklep',
  sv: 'Livs,Restaurang,Bensin,Apotek,Mode,Trafik,Bankomat,Digital,Energi,Hotell,Butik',
  tr: 'Market,Lokanta,Akaryakit,Eczane,Giyim,Ulasim,Bankamatik,Dijital,Enerji,Otel,Magaza',
  pt: 'Mercado,Restaurante,Posto,Farmacia,Moda,Transportes,Caixa,Digital,Energia,Hotel,Loja',
  ja: 'Shoten,Shokudo,Sekiyu,Yakkyoku,Fukuya,Kotsu,Ginko,Denshi,Denryoku,Ryokan,Shoji',
  ko: 'Mart,Sikdang,Juyuso,Yakguk,Uiryu,Gyotong,Eunhaeng,Digital,Jeonryeok,Hotel,Sanghoe',
};

/** Language, legal forms and family names of each country. */
const table = `
US en Inc,LLC,Co|Miller,Johnson,Anderson,Carter,Walker,Hughes,Morgan,Bennett,Parker,Sullivan,Foster,Reed
GB en Ltd,PLC,& Sons|Smith,Taylor,Davies,Evans,Wilson,Thompson,Wright,Hughes,Edwards,Clarke,Harris,Cooper
DE de GmbH,AG,KG|Mueller,Schmidt,Schneider,Fischer,Weber,Meyer,Wagner,Becker,Schulz,Hoffmann,Koch,Richter
FR fr SARL,SA,SAS|Martin,Bernard,Dubois,Moreau,Laurent,Lefebvre,Michel,Garnier,Roux,Fournier,Girard,Mercier
ES es SL,SA|Garcia,Fernandez,Gonzalez,Lopez,Martinez,Sanchez,Perez,Gomez,Ruiz,Moreno,Navarro,Torres
IT it SRL,SPA|Rossi,Russo,Ferrari,Esposito,Bianchi,Romano,Colombo,Ricci,Marino,Greco,Conti,Costa
NL nl BV,NV|De Jong,Jansen,De Vries,Bakker,Visser,Smit,Meijer,De Boer,Mulder,Bos,Vos,Peters
PL pl Sp zoo,SA|Nowak,Kowalski,Wisniewski,Wojcik,Kaminski,Lewandowski,Zielinski,Szymanski,Mazur,Krol
SE sv AB,HB|Andersson,Johansson,Karlsson,Nilsson,Eriksson,Larsson,Olsson,Persson,Svensson,Lindberg
CH de AG,GmbH,SA|Meier,Keller,Huber,Steiner,Favre,Rochat,Brunner,Baumann,Gerber,Frei,Bianchi,Zimmermann
TR tr AS,Ltd|Yilmaz,Kaya,Demir,Celik,Sahin,Yildiz,Aydin,Ozturk,Arslan,Dogan,Kilic,Aslan
CA en Inc,Ltd|Tremblay,Roy,Macdonald,Gagnon,Wilson,Campbell,Bouchard,Fraser,Stewart,Morin,Reid,Cote
BR pt Ltda,SA|Silva,Santos,Oliveira,Souza,Pereira,Ferreira,Almeida,Costa,Ribeiro,Carvalho,Barbosa,Rocha
MX es SA de CV|Hernandez,Garcia,Martinez,Lopez,Gonzalez,Rodriguez,Flores,Ramirez,Cruz,Morales,Reyes,Ortiz
JP ja KK,GK|Sato,Suzuki,Takahashi,Tanaka,Watanabe,Ito,Yamamoto,Nakamura,Kobayashi,Kato,Yoshida,Yamada
KR ko Co,Corp|Kim,Lee,Park,Choi,Jung,Kang,Cho,Yoon,Jang,Lim,Han,Shin
IN en Pvt Ltd,Ltd|Sharma,Patel,Singh,Gupta,Reddy,Iyer,Mehta,Nair,Joshi,Das,Kapoor,Rao
AU en Pty Ltd|Wilson,Nguyen,Kelly,Murphy,Ryan,Campbell,Mitchell,Doyle,Harrison,Chapman,Barker,Lawson
SG en Pte Ltd|Tan,Lim,Lee,Ng,Ong,Wong,Goh,Chua,Koh,Teo,Rahman,Pillai
AE en LLC,FZE|Al Mansoori,Al Maktoum,Al Nahyan,Hassan,Khan,Al Suwaidi,Rashid,Al Futtaim,Saleh,Thomas
KW en WLL,KSC|Al Sabah,Al Ghanim,Al Kharafi,Behbehani,Al Sayer,Al Mutairi,Al Enezi,Al Rashidi
BH en WLL,BSC|Al Khalifa,Kanoo,Al Moayyed,Fakhro,Jalal,Al Zayani,Nass,Ahmadi
ZA en Pty Ltd,CC|Nkosi,Dlamini,Botha,Van der Merwe,Naidoo,Khumalo,Pretorius,Mokoena,Govender,Venter`;

interface Style {
  readonly words: readonly string[];
  readonly forms: readonly string[];
  readonly families: readonly string[];
}

const styles: ReadonlyMap<string, Style> = new Map(
  table
    .trim()
    .split('\n')
    .map((line) => {
      const [code = '', language = ''] = line.split(' ');
      const [forms = '', families = ''] = line.slice(code.length + language.length + 2).split('|');
      const style = {
        words: (words[language] ?? '').split(','),
        forms: forms.split(','),
        families: families.split(','),
      };
      return [code, style];
    }),
);

const kindOfCode = new Map(
  Object.values(kinds).flatMap((codes, kind) =>
    codes.split(' ').map((code): [string, number] => [code, kind]),
  ),
);

const NAME_SALT = 61;

/** The name of a merchant as its country and trade have it, always the same for the same key and number. */
export function merchantName(key: number, merchant: number, country: number, mcc: string): string {
  const { words: own, forms, families } = styles.get(countries[country]?.code ?? '') as Style;
  const draw = hash(key ^ NAME_SALT, merchant, 0);
  const pick = (list: readonly string[], turn: number): string =>
    list[Math.floor(unitOf(hash(draw, turn, merchant)) * list.length)] as string;
  const family = pick(families, 1);
  const other = pick(families, 2);
  const name = unitOf(hash(draw, 3, 0)) < 0.4 && other !== family ? `${family} ${other}` : family;
  return `${name} ${own[kindOfCode.get(mcc) ?? 10]} ${pick(forms, 4)}`;
}
