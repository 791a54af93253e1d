/// A page that needs nothing beside itself: style, script and data are inside, and it asks the browser to load nothing else.
struct HTMLDocument {
  var title: String
  /// Program and version.
  var generator: String
  /// HTML
  var header: String
  /// HTML
  var main: String
  var footer: String
  /// A JSON array that the script reads.
  var data: String

  private static let policy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

  var text: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="generator" content="\(HTMLText.escaped(generator))">
    <title>\(HTMLText.escaped(title))</title>
    <style>
    \(ReportStyle.css)
    </style>
    </head>
    <body>
    <header>
    \(header)
    </header>
    <main>
    \(main)
    </main>
    <footer>
    \(footer)
    </footer>
    <script type="application/json" id="report-data">\(HTMLText.script(json: data))</script>
    <script>
    \(ReportScript.text)
    </script>
    </body>
    </html>

    """
  }
}
