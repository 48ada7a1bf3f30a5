#include "CTemplates.h"

// `#embed` (C23) puts the files into the binary at compile time: fast to build, nothing to find at run time.
const unsigned char tracebook_page_html[] = {
#embed "../../templates/page.html"
};
const size_t tracebook_page_html_size = sizeof tracebook_page_html;

const unsigned char tracebook_report_css[] = {
#embed "../../templates/report.css"
};
const size_t tracebook_report_css_size = sizeof tracebook_report_css;

const unsigned char tracebook_report_js[] = {
#embed "../../templates/report.js"
};
const size_t tracebook_report_js_size = sizeof tracebook_report_js;

const unsigned char tracebook_icons_svg[] = {
#embed "../../templates/icons.svg"
};
const size_t tracebook_icons_svg_size = sizeof tracebook_icons_svg;
