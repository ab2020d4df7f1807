/** Languages that have a stemmer and a list of stop words. Others are indexed as written, or by pairs of characters. */
export type Language =
  | "danish"
  | "dutch"
  | "english"
  | "finnish"
  | "french"
  | "german"
  | "italian"
  | "norwegian"
  | "portuguese"
  | "russian"
  | "spanish"
  | "swedish";

const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/u));

/** Words that carry grammar and no topic. They are not indexed. They also tell the languages apart. */
export const STOP_WORDS: Readonly<Record<Language, ReadonlySet<string>>> = {
  english:
    words(`a am an and are as at be but by d if in into is it ll m of or re s such t that the their then there these they
    this ve was will you`),
  german:
    words(`aber alle als also am an auch auf aus bei bin bis bitte da damit dann das dass dein deine dem den denn der
    des die dies diese dieser dieses doch du durch ein eine einem einen einer eines er es euch euer für gibt haben habe
    hat hatte hier ich ihr ihre im in ist ja kann kannst können könnte man mein meine meinem meinen meiner mich mir mit
    muss müssen nach nicht noch nur oder ob ohne sein seine sich sie sind so soll über um und uns unser unsere vom von
    vor war warum was wenn wer werden wie wieso wir wird wo wurde zu zum zur kein keine`),
  french:
    words(`à ai au aux avec c ce ces cet cette comment d dans de des du elle en est et être eu fait il ils j je l la
    le les leur leurs lui m ma mais me mes moi mon n ne nos notre nous on ont ou où par pas peut peux pour pourquoi puis
    qu quand que quel quelle quelles quels qui quoi s sa sans se ses si son sont sur t ta te tes toi ton tu un une vos
    votre vous y a été avoir puis-je dois faire`),
  spanish:
    words(`a al algo como cómo con cual cuál cuando cuándo cuanto cuánto de del desde donde dónde el él ella ellos
    en entre era es esta está este esto estoy fue ha hay he la las le les lo los me mi mis mucho muy más nada ni no nos o
    para pero por porque puede puedo que qué quien se ser si sí sin sobre son soy su sus también te tengo tiene tu tus un
    una unos usted y ya yo hace hago hacer`),
  italian:
    words(`a ad ai al alla alle anche che chi ci come con cosa da dal dalla dei del della delle di dove e è gli ha
    hai ho i il in io la le lo ma mi mia mio ne nel nella non o per perché più posso può quale quando quanto questa
    questo se si sono su sua sul sulla suo tu un una uno vi voi`),
  portuguese:
    words(`a ao aos as até com como da das de do dos e ela ele em essa esse está eu foi há isso isto já lhe mais
    mas me meu minha na não nas nem no nos num numa o os ou onde para pela pelo por posso qual quando quanto que quem são
    se sem ser seu sua também te tem um uma você vocês é à`),
  dutch:
    words(`aan als bij dat de der deze die dit een en er geen had heb hebben heeft het hij hoe hun ik in is je kan kun
    maar me mij mijn met naar niet nog nu of om onder ons ook op over te tot u uit van voor waar waarom wanneer wat we
    welke wie wij worden wordt zal ze zijn zo zou`),
  swedish: words(`alla att av blev bli blir de dem den denna det detta dig din ditt du där efter eller en ett finns för
    från ha har hade han hon hur här i ingen inte jag kan kommer man med men mig min mitt mot måste ni nu när och om oss
    på ska som så till upp ut vad var varför vem vi vid vill är över`),
  danish: words(`af alle at blev blive bliver da de dem den denne der det dette dig din dit du efter eller en er et for
    fra ha han har havde hun hvad hvem hvor hvordan hvorfor i ikke ind jeg kan man med men mig min mit mod må nu når og
    om op os på skal som så til ud ved vi vil være`),
  norwegian: words(`alle at av ble bli blir da de dem den denne der det dette deg din ditt du etter eller en er et for
    fra ha han har hadde hun hva hvem hvor hvordan hvorfor i ikke inn jeg kan man med men meg min mitt mot må nå når og
    om opp oss på skal som så til ut ved vi vil være`),
  finnish:
    words(`ei en että hän he ja jos joka jotka kanssa kuin kun kuinka me mikä minä missä miten miksi mitä mutta myös
    ne nyt olen oli olla on ovat se sen siitä sinä tai tämä vain voi voin`),
  russian:
    words(`а без бы был была были быть в вам вас вы где да для до его если есть еще же за и из или им их к как какой
    ко когда который кто ли мне меня мой мы на не нет но о об он она они от по почему при с со так то только ты у уже
    что чтобы это этот я`),
};

/**
 * English words that mostly carry grammar but sometimes decide between two questions ("where", "when", "cancel before",
 * "out of"). They are indexed, weigh less in a query, and are not counted as content.
 */
export const WEAK_WORDS: ReadonlySet<string> =
  words(`able about after again all also any anyone anything aren because been before being both can cant could couldn
  did didn didnt do does doesn doesnt doing don dont down during each either every few for from further get gets
  getting got had hadn has hasn have haven having he hello her here hers hey hi him his how i im isn isnt its
  itself ive just let like may me might mine more most much must mustn my myself need no nor not now off ok on
  once only other our ours out over own please same shall shan she should shouldn so some someone something than
  thank thanks theirs them themselves those through to too under until up us very want wasn way we were weren what
  when where which while who whom whose why with won wont would wouldn yes your yours yourself`);
