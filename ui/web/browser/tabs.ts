/** On a narrow screen the tabs are a row that scrolls: the one that is shown is brought into it. */
for (const tab of document.querySelectorAll('[data-tabs] [aria-current]'))
  tab.scrollIntoView({ block: 'nearest', inline: 'center', behavior: 'instant' })
