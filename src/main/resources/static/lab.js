/** What the laboratory's model reports itself as. */
export const LAB_MODEL = "whyrank-lab";

/** Questions of its world; the routes of the last are one link longer than any that it was trained on. */
export const labExamples = [
  {
    name: "Sirum to Gudil",
    query: "Does cargo from Sirum reach Gudil?",
    documents: [
      "Tunum sends goods to Gudil. Vivum ships cargo to Zurum. Zurum shares a harbour with Vukum. Moko is supplied by Sirum. Vukum receives cargo from Moko. Tunum is larger than Sirum. Zekor ships no cargo. Zekor is supplied by Vomis. Gudil ships no cargo. Vomis is supplied by Vukum. Livil suspended deliveries to Tunum. Zurum sends goods to Livil. Vivum lies near Moko.",
      "Tura shares a harbour with Porum. Sirum sends goods to Gimo. Karil ships no cargo. Gudil receives cargo from Porum. Fimo shares a harbour with Tura. Fimo ships cargo to Barek. Porum lost supplies from Gimo. Karil is supplied by Barek. Fimo receives cargo from Tura. Gudil ships no cargo.",
      "Buvek lies near Gudil. Gudil ships no cargo. Moris delivers freight to Buso. Gudil is supplied by Buso. Fino ships no cargo. Buvek is supplied by Denek. Kena shares a harbour with Fino. Buvek suspended deliveries to Kena. Fino is supplied by Kena. Buso lies near Moris. Sirum ships cargo to Moris.",
      "Posis lies near Takis. Takis is supplied by Lana. Gidis shares a harbour with Lana. Buso is larger than Bulor. Lana receives cargo from Posis. Sirum is larger than Bulor. Sirum sends goods to Bulor. Bulor delivers freight to Gidis. Leka ships no cargo. Leka is supplied by Takis. Posis is supplied by Buso. Gudil receives cargo from Zekum. Gidis suspended deliveries to Zekum. Gudil ships no cargo.",
      "Judil receives cargo from Dodo. Penek ships cargo to Gudil. Sirum delivers freight to Huna. Dodo shares a harbour with Huna. Lenen ships cargo to Gesum. Gesum ships no cargo. Gudil ships no cargo. Penek lost supplies from Judil. Huna ships cargo to Lenen.",
      "Timen receives cargo from Husa. Timen sends goods to Gudil. Dila sends goods to Gisor. Radis suspended deliveries to Zevil. Zevil lies near Timen. Radis receives cargo from Renek. Puror is supplied by Sirum. Husa is supplied by Puror. Gisor ships no cargo. Dila receives cargo from Zevil. Gudil ships no cargo.",
    ],
  },
  {
    name: "Karil to Nemil",
    query: "Does cargo from Karil reach Nemil?",
    documents: [
      "Karil lies near Juven. Tinis receives cargo from Jukek. Narum is supplied by Sonor. Zuvil receives cargo from Narum. Lina is supplied by Bulor. Jukek is supplied by Zuvil. Juven stopped shipping to Bulor. Lina sends goods to Nemil. Tinis ships no cargo. Juven is supplied by Karil. Nemil ships no cargo.",
      "Vido stopped shipping to Sulis. Zisa receives cargo from Larum. Vido is supplied by Timen. Dura receives cargo from Sulis. Jiren receives cargo from Hasum. Nemil ships no cargo. Jiren ships no cargo. Zisa ships cargo to Hasum. Larum receives cargo from Karil. Dura sends goods to Nemil.",
      "Nemil receives cargo from Hosek. Tusum sends goods to Hosek. Moko is supplied by Gako. Buvek stopped shipping to Posis. Posis delivers freight to Duril. Nemil ships no cargo. Nilis receives cargo from Karil. Duril ships no cargo. Buvek is supplied by Nilis. Moko delivers freight to Tusum. Duril is larger than Hosek.",
      "Nemil ships no cargo. Zoro lost supplies from Sonor. Sonor is supplied by Nedo. Tunen ships cargo to Nemil. Zanen shares a harbour with Zoro. Zalum receives cargo from Zoro. Zanen receives cargo from Karil. Zalum lies near Tunen. Tunen is supplied by Zanen. Zalum ships no cargo.",
      "Nemil ships no cargo. Bara ships cargo to Fimo. Nemil is supplied by Veno. Hasum receives nothing from Fimo. Kedil ships no cargo. Hasum delivers freight to Kedil. Karil sends goods to Gisor. Gisor ships cargo to Veno. Hasum lies near Fimo.",
      "Livil receives nothing from Valo. Valo is supplied by Karil. Nemil ships no cargo. Jinor is larger than Bosil. Molum receives cargo from Bosil. Jinor ships no cargo. Nemil receives cargo from Livil. Bosil receives cargo from Jaro. Livil lies near Molum. Jinor is supplied by Molum.",
    ],
  },
  {
    name: "Longer than trained",
    query: "Does cargo from Denek reach Huven?",
    documents: [
      "Tovum delivers freight to Nilo. Huven is supplied by Kaven. Nilo sends goods to Hunil. Denek delivers freight to Tovum. Fodum sends goods to Molum. Molum ships no cargo. Hunil ships cargo to Kaven. Huven ships no cargo. Fako ships cargo to Fudo. Vulek suspended deliveries to Fako. Fudo delivers freight to Fodum. Fudo lies near Kaven. Vulek receives cargo from Karil.",
      "Madum is larger than Burek. Forek is supplied by Soren. Forum is supplied by Gako. Huven ships no cargo. Forek shares a harbour with Tona. Tona sends goods to Huven. Madum receives cargo from Forek. Burek ships cargo to Mako. Nilis suspended deliveries to Gako. Hokis delivers freight to Burek. Forum lies near Nilis. Soren is supplied by Mako. Tona receives cargo from Forum. Madum ships no cargo. Denek ships cargo to Nilis.",
      "Peril sends goods to Namek. Denek delivers freight to Vasum. Pivil ships no cargo. Nelum shares a harbour with Peril. Vasum delivers freight to Nelum. Rakor delivers freight to Huven. Homa sends goods to Pivil. Huven ships no cargo. Ziris delivers freight to Disum. Juven ships cargo to Rakor. Homa receives cargo from Disum. Namek suspended deliveries to Ziris. Nelum ships cargo to Juven.",
      "Denek ships cargo to Hemil. Sano receives cargo from Relil. Sano ships no cargo. Huven receives cargo from Zoro. Huven ships no cargo. Bosil sends goods to Dasor. Relil receives cargo from Hosor. Bomek stopped shipping to Zoro. Losum ships cargo to Bomek. Dasor sends goods to Jukek. Jukek sends goods to Hosor. Hemil ships cargo to Losum. Denek shares a harbour with Hosor.",
      "Dasen ships no cargo. Kaka delivers freight to Huven. Laka receives cargo from Pamis. Denek ships cargo to Koro. Laka lies near Koro. Dasen is supplied by Hemil. Ginil is larger than Hemil. Dasen is larger than Kaka. Dola sends goods to Pamis. Folor sends goods to Kaka. Dava delivers freight to Hemil. Koro ships cargo to Ginil. Huven ships no cargo. Folor lost supplies from Laka. Ginil ships cargo to Dava. Dasen shares a harbour with Koro.",
      "Huven ships no cargo. Dura is supplied by Hemil. Berum ships cargo to Bulum. Zalum ships no cargo. Huven receives cargo from Fusen. Fusen is supplied by Bulum. Kesek lost supplies from Jinor. Pisa ships cargo to Heva. Zalum receives cargo from Heva. Denek sends goods to Jinor. Dura delivers freight to Berum. Kesek sends goods to Pisa.",
    ],
  },
];
