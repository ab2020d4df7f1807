/** Where a claim comes from, by the words its sentence begins with or has in it, and the claim. */
export type WrittenClaim = readonly [from: string, claim: string];

/** What a model would say of a sentence in words of its own. */
export const HONEST: readonly WrittenClaim[] = [
  [
    "Learning how to chat with topics has",
    "It can take anywhere from a few minutes to a few days to get used to chatting with topics.",
  ],
  [
    "Anyone can delete custom emoji they added",
    "You can delete custom emoji that you added yourself, while organization administrators can delete anyone's.",
  ],
  [
    "Organization administrators can also unsubscribe",
    "Organization administrators can also remove other users from any stream, even streams they are not subscribed to.",
  ],
  ["A bot that sends content to or from", "An integration is a bot that sends content to or from another product."],
  [
    "All past messages will become accessible",
    "All past messages become accessible, even if the stream had protected history before.",
  ],
  [
    "You can reset your password at any time",
    "You can reset your password whenever you like, provided that you know your current password or have access to the email address of your account.",
  ],
  ["Message content can only ever be modified", "Only the original author can modify the content of a message."],
  ["If you are less than 100% sure", "Contact your server administrator if you're less than 100% sure."],
  [
    "Click the **Reactivate** button to the right",
    "To reactivate a user, click the **Reactivate** button next to the user account.",
  ],
  [
    "By default, Zulip displays messages that have been edited",
    "By default, edited messages are shown with an EDITED tag, and users can view a message's edit history.",
  ],
  [
    "Note that generating the export can take",
    "Generating the export may take up to an hour if your organization has lots of messages or uploaded files.",
  ],
  [
    "Starting with Zulip 1.8",
    "Since Zulip 1.8, you can import data from Slack, including users, channels, messages, attachments, avatars, custom emoji, and emoji reactions.",
  ],
  [
    "Note that on most Zulip servers",
    "Email invitations and reusable invitation links expire after 10 days on most Zulip servers, including Zulip Cloud.",
  ],
  [
    "Organization administrators can also allow anyone to join",
    "Administrators can let anyone join without an invitation and can restrict email addresses to a company domain.",
  ],
  [
    "Under **Display settings**, configure **Demote inactive streams**",
    "Open **Display settings** and configure **Demote inactive streams**.",
  ],
  [
    "By default, the **User list** is displayed",
    "The **User list** appears in the right sidebar by default, to the right of the main message pane.",
  ],
  ["Hover over a message to reveal three icons", "When you hover over a message, three icons appear on the right."],
  [
    "This feature is only available to organization owners and administrators.",
    "Only organization owners and administrators can use this feature.",
  ],
  [
    "You can instead prevent users from changing their name",
    "Alternatively, you can prevent users from changing their names.",
  ],
  ["Similarly, if you have G single-stream guests", "With G single-stream guests, you are charged for G/5 users."],
  [
    "Click the **gear** icon in the upper right, select **Manage organization**, then on the left click **Default streams**",
    "Click the **gear** icon, choose **Manage organization**, and then click **Default streams** on the left.",
  ],
  [
    "Click the **gear** icon in the upper right, select **Settings**, then on the left click **Notifications**",
    "Go to **Settings** from the **gear** icon in the upper right, and open **Notifications** on the left.",
  ],
  ["You can always unsubscribe from any stream", "You can unsubscribe from any stream in Zulip at any time."],
  [
    "If you do a search, the image browser",
    "After a search, the image browser shows every image in the messages that matched it.",
  ],
  ["Click on your app under **Tracked apps**", "Select your app from the **Tracked apps** list."],
  [
    "Once you've created the app, you will be redirected",
    "After creating the app, you'll be taken to its **Settings** tab.",
  ],
  [
    "Under **Actions**, set the **Select Action**",
    "In the **Actions** section, choose **Trigger Webhook** in the **Select Action** dropdown.",
  ],
  ["Within your new alert rule, scroll down", "Scroll down to the **Notifications** section in your new alert rule."],
  [
    "Select **WebHooks** on the left sidebar",
    "In the left sidebar, select **WebHooks** and then click **+ Create a WebHook**.",
  ],
  [
    "Make sure that you wrap the webhook URL",
    "When you supply the webhook URL on the command line, be sure to wrap it in quotes.",
  ],
  ["Users will still be able to find any given message", "Users can still find any message by searching for it."],
  [
    "This could take several minutes to run",
    "It may take several minutes, depending on the amount of data being imported.",
  ],
  [
    'You can replace "Click to join video call"',
    'The text "Click to join video call" can be replaced with anything you want.',
  ],
  ["The app will update automatically", "The app updates automatically to future versions."],
  [
    "By default, Zulip allows you to edit the content",
    "By default, you can edit your messages for up to 10 minutes after sending them.",
  ],
  [
    "Changing a stream's color does not change it",
    "Changing the color of a stream only affects you; it doesn't change for anyone else.",
  ],
  ["You should see a file", "You should see a file icon instead."],
  [
    "Messages with the same stream and topic",
    "Messages that share a stream and topic are displayed together as a conversational thread.",
  ],
  [
    "Note that most organization settings are visible",
    "Most organization settings can be seen by all users, but generally only organization administrators can change them.",
  ],
  ["Pick the appropriate user or user group", "Choose the right user or user group from the autocomplete."],
  ["Set a **Password** to encrypt your export", "Encrypt your export by setting a **Password**."],
  [
    "Users who do not provide consent",
    "Users who don't give consent will have their settings and stream subscriptions exported, but are otherwise treated as new users after the import.",
  ],
  ["Drafts are saved for **30 days**", "Drafts are kept for 30 days."],
];

/** The same manner of speaking, with one thing that the sentence does not say. */
export const WRONG: readonly WrittenClaim[] = [
  [
    "Learning how to chat with topics has",
    "It can take anywhere from a few hours to a few weeks to get used to chatting with topics.",
  ],
  [
    "Anyone can delete custom emoji they added",
    "You can delete custom emoji that you added yourself, while moderators can delete anyone's.",
  ],
  ["Anyone can delete custom emoji they added", "Organization administrators can delete only their own custom emoji."],
  ["A bot that sends content to or from", "A webhook is a bot that sends content to or from another product."],
  [
    "All past messages will become accessible",
    "Past messages do not become accessible if the stream previously had protected history.",
  ],
  [
    "You can reset your password at any time",
    "You can reset your password at any time, even if you don't know your current password and have no access to your email address.",
  ],
  ["Message content can only ever be modified", "Administrators can modify the content of a message."],
  ["Message content can only ever be modified", "Message content can be modified by the original author and others."],
  ["If you are less than 100% sure", "Contact your server administrator if you're more than 100% sure."],
  [
    "By default, Zulip displays messages that have been edited",
    "By default, edited messages are shown with an UPDATED tag.",
  ],
  [
    "By default, Zulip displays messages that have been edited",
    "By default, users can't view the edit history of a message.",
  ],
  ["Note that generating the export can take", "Generating the export may take up to a day."],
  [
    "Note that generating the export can take",
    "Generating the export takes at least an hour for organizations with lots of messages.",
  ],
  ["Starting with Zulip 1.8", "Since Zulip 1.9, you can import data from Slack."],
  ["Note that on most Zulip servers", "Email invitations expire 10 hours after they are sent."],
  ["Note that on most Zulip servers", "Email invitations never expire on most Zulip servers."],
  ["Note that on most Zulip servers", "On all Zulip servers, email invitations expire 10 days after they are sent."],
  [
    "Organization administrators can also allow anyone to join",
    "Organization members can also allow anyone to join without an invitation.",
  ],
  [
    "Organization administrators can also allow anyone to join",
    "Organization administrators can also allow anyone to join with an invitation.",
  ],
  [
    "Under **Display settings**, configure **Demote inactive streams**",
    "Under **Organization settings**, configure **Demote inactive streams**.",
  ],
  ["By default, the **User list** is displayed", "By default, the **User list** is displayed in the left sidebar."],
  ["Hover over a message to reveal three icons", "When you hover over a message, three icons appear on the left."],
  [
    "This feature is only available to organization owners and administrators.",
    "This feature is available to everyone.",
  ],
  ["This feature is only available to organization owners and administrators.", "All members can use this feature."],
  ["You can instead prevent users from changing their name", "You can instead allow users to change their name."],
  ["Similarly, if you have G single-stream guests", "With G single-stream guests, you are charged for G/4 users."],
  [
    "Click the **gear** icon in the upper right, select **Manage organization**, then on the left click **Default streams**",
    "Click **Default streams** on the left, then click the **gear** icon and select **Manage organization**.",
  ],
  [
    "Click the **gear** icon in the upper right, select **Settings**, then on the left click **Notifications**",
    "Click the **gear** icon in the upper left, select **Settings**, then click **Notifications**.",
  ],
  ["You can always unsubscribe from any stream", "You can never unsubscribe from a stream in Zulip."],
  [
    "If you do a search, the image browser",
    "Unless you do a search, the image browser will show all images in messages that matched that search.",
  ],
  [
    "Once you've created the app, you will be redirected",
    "Before you create the app, you will be redirected to the **Settings** tab.",
  ],
  [
    "Under **Actions**, set the **Select Action**",
    "Under **Actions**, set the **Select Action** dropdown to **Send Email**.",
  ],
  ["Within your new alert rule, scroll down", "Within your new alert rule, scroll down to the **Webhooks** section."],
  [
    "Make sure that you wrap the webhook URL",
    "Do not wrap the webhook URL in quotes when supplying it on the command line.",
  ],
  ["Users will still be able to find any given message", "Users won't be able to find messages by searching."],
  ["The app will update automatically", "You have to update the app manually to future versions."],
  [
    "By default, Zulip allows you to edit the content",
    "By default, you can edit your messages for up to 15 minutes after sending them.",
  ],
  ["Changing a stream's color does not change it", "Changing a stream's color changes it for everyone else."],
  [
    "Messages with the same stream and topic",
    "Messages with the same sender and topic are shown together as a conversational thread.",
  ],
  [
    "Note that most organization settings are visible",
    "Most organization settings are visible only to administrators.",
  ],
  ["Set a **Password** to encrypt your export", "You don't need to set a password to encrypt your export."],
  ["Users who do not provide consent", "Users who provide consent will be treated as new users after import."],
  ["Drafts are saved for **30 days**", "Drafts are saved for 30 minutes."],
  ["Drafts are saved for **30 days**", "Drafts are deleted after 60 days."],
  ["You can also **filter** by stream name", "You can also filter by stream color or description."],
  [
    "Select **WebHooks** on the left sidebar",
    "Click **+ Create a WebHook**, then select **WebHooks** on the left sidebar.",
  ],
  ["Nevertheless, over time", "It's easy to end up with fewer streams than you have room for in the left sidebar."],
  ["Add clear descriptions to your streams", "Add clear descriptions to your streams (especially private streams)."],
];
