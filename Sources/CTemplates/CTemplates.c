#include "CTemplates.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// `#embed` (C23) puts the files into the binary at compile time: fast to build, nothing to find at run time.
static const unsigned char page_html[] = {
#embed "../../templates/page.html"
};
static const unsigned char report_css[] = {
#embed "../../templates/report.css"
};
static const unsigned char report_js[] = {
#embed "../../templates/report.js"
};
static const unsigned char nights_js[] = {
#embed "../../templates/nights.js"
};
static const unsigned char icons_svg[] = {
#embed "../../templates/icons.svg"
};

tracebook_file tracebook_page_html(void) { return (tracebook_file){page_html, sizeof page_html}; }
tracebook_file tracebook_report_css(void) { return (tracebook_file){report_css, sizeof report_css}; }
tracebook_file tracebook_report_js(void) { return (tracebook_file){report_js, sizeof report_js}; }
tracebook_file tracebook_nights_js(void) { return (tracebook_file){nights_js, sizeof nights_js}; }
tracebook_file tracebook_icons_svg(void) { return (tracebook_file){icons_svg, sizeof icons_svg}; }
