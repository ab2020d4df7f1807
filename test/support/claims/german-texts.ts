/** A help centre in German, written for the claims that are made of it. */
export const GERMAN_TEXTS: readonly { readonly title: string; readonly text: string }[] = [
  {
    title: "Konto löschen",
    text: `Sie können Ihr Konto in den Einstellungen löschen. Nur Administratoren können fremde Konten löschen. Das Konto wird nach 30 Tagen endgültig entfernt. Gelöschte Nachrichten können nicht wiederhergestellt werden. Wenn Sie sich innerhalb von 14 Tagen anmelden, bleibt das Konto bestehen. Sie müssen Ihr Passwort eingeben, bevor das Konto gelöscht wird. Rechnungen werden mindestens zehn Jahre aufbewahrt.`,
  },
  {
    title: "Passwort zurücksetzen",
    text: `Der Link zum Zurücksetzen gilt 24 Stunden. Das Passwort muss mindestens 12 Zeichen enthalten. Sie dürfen ein altes Passwort nicht noch einmal verwenden. Falls keine E-Mail ankommt, prüfen Sie den Spam-Ordner. Nach fünf falschen Versuchen wird das Konto für 15 Minuten gesperrt. Ein neues Passwort kann jederzeit in den Einstellungen festgelegt werden.

1. Öffnen Sie die Anmeldeseite.
2. Klicken Sie auf den Link unter dem Eingabefeld.
3. Geben Sie Ihre E-Mail-Adresse ein.
4. Folgen Sie dem Link in der Nachricht.
5. Wählen Sie ein neues Passwort.`,
  },
  {
    title: "Hub anschließen",
    text: `Der Hub darf nicht im Freien verwendet werden. Das Netzteil liefert höchstens 12 Watt. Der Hub startet nach dem Einstecken in etwa zwei Minuten. Halten Sie die Taste 10 Sekunden lang gedrückt. Alle Sensoren verlieren dabei ihre Verbindung. Die Garantie gilt drei Jahre. Der Akku hält bis zu 18 Monate. Wenn die Lampe rot leuchtet, ist der Hub nicht mit dem Internet verbunden. Die Kamera zeichnet ohne Abonnement keine Videos auf.

1. Stecken Sie das Netzteil in die Steckdose.
2. Verbinden Sie den Hub mit dem Router.
3. Warten Sie auf das grüne Licht.
4. Starten Sie die App auf dem Telefon.
5. Scannen Sie den Code auf der Unterseite.`,
  },
  {
    title: "Rückgabe",
    text: `Sie können die Ware innerhalb von 30 Tagen zurücksenden. Das Porto übernehmen wir nur bei defekten Geräten. Geöffnete Software kann nicht zurückgegeben werden. Die Erstattung dauert höchstens fünf Tage. Wenn das Paket beschädigt ist, müssen Sie ein Foto senden. Der Versand kostet 5 Euro. Bestellungen über 50 Euro werden kostenlos geliefert, außer auf Inseln. Teilnehmer können alle Bestellungen in der Übersicht sehen. Sie müssen das Etikett ausdrucken, bevor Sie das Paket abgeben.`,
  },
  {
    title: "Benachrichtigungen",
    text: `Benachrichtigungen sind immer eingeschaltet, wenn Sie erwähnt werden. Sie können einzelne Kanäle stumm schalten. Stumme Kanäle senden keine Benachrichtigungen. Die Ruhezeit beginnt um 22 Uhr. Zusammenfassungen werden wöchentlich verschickt. Administratoren müssen den Versand zuerst freigeben. Sie können höchstens 20 Kanäle gleichzeitig beobachten. Mobile Benachrichtigungen kommen nur an, wenn die App installiert ist. Die Nachricht wird nach zwei Minuten verschickt.`,
  },
];
