import { AliasTable } from '../numbers/random.ts';
import { countries } from './countries.ts';

/**
 * A city in which cards live and shops stand.
 *
 * Names as acquirers write them, without accents. `weight` is the share of its country's cards; `region` the
 * place in the list of clocks of the country and time zone. Source: the large cities of each country and their
 * IANA time zones; weights follow the size of the metropolitan areas and the share of each zone.
 */
export interface City {
  readonly name: string;
  readonly country: number;
  readonly zone: string;
  readonly weight: number;
  readonly region: number;
}

/** Country: time zone: cities with their weights. */
const table = `
US America/New_York New York 20, Miami 6, Atlanta 6, Boston 5, Philadelphia 6, Charlotte 3, Columbus 2
US America/Chicago Chicago 9, Houston 7, Dallas 8, Minneapolis 3, San Antonio 2, Nashville 2
US America/Denver Denver 3, Salt Lake City 2, Albuquerque 1
US America/Phoenix Phoenix 3
US America/Los_Angeles Los Angeles 8, Seattle 4, San Diego 2, Portland 2
US Pacific/Honolulu Honolulu 0.4
GB Europe/London London 36, Birmingham 10, Manchester 11, Leeds 7, Glasgow 7, Liverpool 5, Bristol 5, Sheffield 4, Edinburgh 4, Cardiff 4, Belfast 4, Newcastle 3
DE Europe/Berlin Berlin 20, Hamburg 12, Muenchen 12, Koeln 9, Frankfurt 9, Stuttgart 8, Duesseldorf 7, Leipzig 6, Dortmund 5, Bremen 4, Hannover 4, Nuernberg 4
FR Europe/Berlin Paris 35, Marseille 9, Lyon 10, Toulouse 8, Nice 6, Nantes 6, Montpellier 5, Strasbourg 5, Bordeaux 6, Lille 6, Rennes 4
ES Europe/Berlin Madrid 28, Barcelona 24, Valencia 9, Sevilla 8, Zaragoza 6, Malaga 7, Murcia 5, Bilbao 6, Alicante 4
ES Atlantic/Canary Las Palmas 4
IT Europe/Berlin Roma 22, Milano 22, Napoli 11, Torino 10, Palermo 7, Genova 6, Bologna 6, Firenze 6, Bari 5, Catania 5
NL Europe/Berlin Amsterdam 25, Rotterdam 20, Den Haag 16, Utrecht 12, Eindhoven 9, Groningen 7, Tilburg 6, Breda 5
PL Europe/Berlin Warszawa 27, Krakow 14, Lodz 11, Wroclaw 12, Poznan 11, Gdansk 10, Szczecin 8, Lublin 7
SE Europe/Berlin Stockholm 40, Goeteborg 22, Malmoe 14, Uppsala 8, Vaesteraas 6, Oerebro 5, Linkoeping 5
CH Europe/Berlin Zuerich 34, Geneve 17, Basel 16, Bern 12, Lausanne 11, Winterthur 5, Luzern 5
TR Europe/Istanbul Istanbul 42, Ankara 17, Izmir 14, Bursa 9, Antalya 9, Adana 5, Konya 4
CA America/New_York Toronto 30, Montreal 20, Ottawa 7, Quebec 4
CA America/Chicago Winnipeg 4
CA America/Regina Regina 2
CA America/Denver Calgary 9, Edmonton 7
CA America/Los_Angeles Vancouver 13
CA America/Halifax Halifax 3
CA America/St_Johns St Johns 1
BR America/Sao_Paulo Sao Paulo 34, Rio de Janeiro 19, Brasilia 8, Salvador 6, Fortaleza 6, Belo Horizonte 9, Curitiba 6, Recife 5, Porto Alegre 5
BR America/Manaus Manaus 3, Cuiaba 1
MX America/Mexico_City Ciudad de Mexico 38, Guadalajara 14, Monterrey 15, Puebla 8, Leon 6, Merida 4
MX America/Cancun Cancun 4
MX America/Hermosillo Hermosillo 3
MX America/Tijuana Tijuana 7
JP Asia/Tokyo Tokyo 36, Yokohama 12, Osaka 16, Nagoya 10, Sapporo 6, Fukuoka 6, Kobe 5, Kyoto 5, Sendai 4
KR Asia/Tokyo Seoul 46, Busan 14, Incheon 13, Daegu 9, Daejeon 7, Gwangju 6, Suwon 5
IN Asia/Kolkata Mumbai 21, Delhi 21, Bengaluru 14, Hyderabad 11, Chennai 10, Kolkata 9, Pune 7, Ahmedabad 7
AU Australia/Sydney Sydney 31, Melbourne 30, Canberra 3, Hobart 2
AU Australia/Brisbane Brisbane 14, Gold Coast 4
AU Australia/Adelaide Adelaide 7
AU Australia/Perth Perth 9
SG Asia/Singapore Singapore 1
AE Asia/Dubai Dubai 45, Abu Dhabi 33, Sharjah 16, Al Ain 6
KW Asia/Kuwait Kuwait City 40, Hawalli 25, Salmiya 20, Farwaniya 15
BH Asia/Kuwait Manama 50, Muharraq 25, Riffa 25
ZA Africa/Johannesburg Johannesburg 36, Cape Town 26, Durban 19, Pretoria 13, Gqeberha 6`;

const regionNames: string[] = [];

/** All cities, those of a country side by side; a city is known by its place in this list. */
export const cities: readonly City[] = table
  .trim()
  .split('\n')
  .flatMap((line) => {
    const [code = '', zone = '', ...rest] = line.split(' ');
    const country = countries.findIndex((one) => one.code === code);
    const name = `${code} ${zone}`;
    if (!regionNames.includes(name)) regionNames.push(name);
    const region = regionNames.indexOf(name);
    return rest
      .join(' ')
      .split(', ')
      .map((city) => {
        const [, cityName = '', weight] = /^(.*) ([\d.]+)$/.exec(city) ?? [];
        return { name: cityName, country, zone, weight: Number(weight), region };
      });
  });

/** A part of a country with a clock of its own. */
export interface ClockRegion {
  readonly country: number;
  readonly zone: string;
}

/** All clocks; a clock is known by its place in this list. */
export const clockRegions: readonly ClockRegion[] = regionNames.map((_, region) => {
  const { country = 0, zone = '' } = cities.find((city) => city.region === region) ?? {};
  return { country, zone };
});

/** Region of each city. */
export const regionOfCity: Uint8Array = Uint8Array.from(cities, ({ region }) => region);

/** Where the cities of each country begin in the list, and how many they are. */
export const firstCity: Uint16Array = Uint16Array.from(countries.keys(), (country) =>
  cities.findIndex((city) => city.country === country),
);
export const cityCount: Uint8Array = Uint8Array.from(
  countries.keys(),
  (country) => cities.filter((city) => city.country === country).length,
);

const byWeight = [...countries.keys()].map(
  (country) =>
    new AliasTable(cities.filter((city) => city.country === country).map(({ weight }) => weight)),
);

/** A city of a country in which somebody lives. */
export function homeCity(country: number, draw: number): number {
  return (firstCity[country] as number) + (byWeight[country] as AliasTable).pick(draw);
}

/** The clock of most cards of a country. */
export function mainZone(country: number): string {
  const own = cities.filter((city) => city.country === country);
  const total = (zone: string): number =>
    own.reduce((sum, city) => sum + (city.zone === zone ? city.weight : 0), 0);
  return own.map(({ zone }) => zone).sort((a, b) => total(b) - total(a))[0] ?? '';
}
