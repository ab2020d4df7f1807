import { expect, it } from "vitest";
import { guessLanguage } from "../../../src/text/guess-language.js";

/** What customers ask, most of it in a few words. */
const ASKED: Readonly<Record<string, readonly string[]>> = {
  en: [
    "How do I reset my password?",
    "hub offline",
    "reset pw",
    "Where is my order",
    "Can I pay by invoice?",
    "wifi does not work",
    "refund",
    "The lamp blinks red",
    "and on Android?",
    "Change language",
    "What does error E-1042 mean?",
    "delete account",
  ],
  de: [
    "Wie setze ich mein Passwort zurück?",
    "Hub ist offline",
    "Passwort vergessen",
    "Wo ist meine Bestellung",
    "Kann ich auf Rechnung zahlen?",
    "WLAN geht nicht",
    "Rückerstattung",
    "Die Lampe blinkt rot",
    "und auf Android?",
    "Sprache ändern",
    "Was bedeutet Fehler E-1042?",
    "Konto löschen",
  ],
  fr: [
    "Comment réinitialiser mon mot de passe ?",
    "le hub est hors ligne",
    "mot de passe oublié",
    "Où est ma commande",
    "Puis-je payer par facture ?",
    "le wifi ne marche pas",
    "remboursement",
    "La lampe clignote en rouge",
    "et sur Android ?",
    "Changer la langue",
    "Que signifie l'erreur E-1042 ?",
    "supprimer mon compte",
  ],
  es: [
    "¿Cómo restablezco mi contraseña?",
    "el hub está desconectado",
    "olvidé mi contraseña",
    "¿Dónde está mi pedido?",
    "¿Puedo pagar con factura?",
    "el wifi no funciona",
    "reembolso",
    "La lámpara parpadea en rojo",
    "¿y en Android?",
    "Cambiar el idioma",
    "¿Qué significa el error E-1042?",
    "Quiero borrar mi cuenta",
  ],
  pt: [
    "Como redefino a minha senha?",
    "o hub está offline",
    "esqueci a minha senha",
    "Onde está o meu pedido",
    "Posso pagar por fatura?",
    "o wifi não funciona",
    "reembolso do pedido",
    "A lâmpada pisca em vermelho",
    "e no Android?",
    "Mudar o idioma",
    "O que significa o erro E-1042?",
    "Quero apagar a minha conta",
  ],
  it: [
    "Come reimposto la password?",
    "l'hub è offline",
    "ho dimenticato la password",
    "Dov'è il mio ordine",
    "Posso pagare con fattura?",
    "il wifi non funziona",
    "rimborso",
    "La lampada lampeggia in rosso",
    "e su Android?",
    "Cambiare la lingua",
    "Che cosa significa l'errore E-1042?",
    "Vorrei cancellare il mio account",
  ],
  nl: [
    "Hoe stel ik mijn wachtwoord opnieuw in?",
    "de hub is offline",
    "wachtwoord vergeten",
    "Waar is mijn bestelling",
    "Kan ik op factuur betalen?",
    "wifi werkt niet",
    "terugbetaling",
    "De lamp knippert rood",
    "en op Android?",
    "Taal wijzigen",
    "Wat betekent fout E-1042?",
    "account verwijderen",
  ],
  pl: [
    "Jak zresetować hasło?",
    "Nie pamiętam hasła",
    "Gdzie jest moje zamówienie",
    "Czy mogę zapłacić fakturą?",
    "Lampa miga na czerwono",
    "Chcę usunąć konto",
  ],
  sv: [
    "Hur återställer jag mitt lösenord?",
    "Jag har glömt lösenordet",
    "Var är min beställning",
    "Kan jag betala med faktura?",
    "Lampan blinkar rött",
    "Jag vill ta bort mitt konto",
  ],
  tr: [
    "Şifremi nasıl sıfırlarım?",
    "Şifremi unuttum",
    "Siparişim nerede",
    "Fatura ile ödeyebilir miyim?",
    "Lamba kırmızı yanıp sönüyor",
    "Hesabımı silmek istiyorum",
  ],
  ru: ["Как сбросить пароль?", "Забыл пароль", "Где мой заказ", "Лампа мигает красным"],
  uk: ["Як скинути пароль?", "Я забув свій пароль", "Де моє замовлення", "Лампа блимає червоним"],
  ja: ["パスワードをリセットするには？", "注文はどこですか", "返金", "ランプが赤く点滅します"],
  zh: ["如何重置密码？", "我的订单在哪里", "退款", "灯闪红光"],
  ko: ["비밀번호를 어떻게 재설정하나요?", "주문이 어디에 있나요", "환불", "램프가 빨갛게 깜박입니다"],
  ar: ["كيف أعيد تعيين كلمة المرور؟", "أين طلبي", "استرداد", "المصباح يومض باللون الأحمر"],
};

it("tells the language of nine of ten short questions, and a wrong one of one", async () => {
  const asked = Object.entries(ASKED).flatMap(([code, questions]) => questions.map((question) => ({ question, code })));
  const told = await Promise.all(asked.map(async (one) => ({ ...one, guess: await guessLanguage(one.question) })));
  const wrong = told.filter(({ code, guess }) => guess !== null && guess !== code);

  expect(wrong.map(({ question, guess }) => `${question} (${guess ?? ""})`)).toEqual(["¿y en Android? (fr)"]);
  expect(told.filter(({ code, guess }) => guess === code).length / told.length).toBeGreaterThan(0.9);
});

it.each(["", "E-1042", "foo_bar", "https://example.com/wie/geht/das", "reset pw", "👍"])(
  "does not guess for %j",
  async (text) => {
    expect(await guessLanguage(text)).toBeNull();
  },
);

it("reads the words around code and addresses", async () => {
  expect(await guessLanguage("Was bedeutet `export default function` bitte?")).toBe("de");
});
