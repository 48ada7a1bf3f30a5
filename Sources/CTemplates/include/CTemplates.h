#ifndef CTEMPLATES_H
#define CTEMPLATES_H

#include <stddef.h>

/// The files of `templates/`, embedded at build time. Not null-terminated: use the sizes.
extern const unsigned char tracebook_page_html[];
extern const size_t tracebook_page_html_size;
extern const unsigned char tracebook_report_css[];
extern const size_t tracebook_report_css_size;
extern const unsigned char tracebook_report_js[];
extern const size_t tracebook_report_js_size;
extern const unsigned char tracebook_icons_svg[];
extern const size_t tracebook_icons_svg_size;

#endif
