#ifndef CTEMPLATES_H
#define CTEMPLATES_H

#include <stddef.h>

#include "CFileSystem.h"

/// One file of `templates/`, embedded at build time. Not null-terminated: use the size.
typedef struct {
  const unsigned char *bytes;
  size_t size;
} tracebook_file;

tracebook_file tracebook_page_html(void);
tracebook_file tracebook_report_css(void);
tracebook_file tracebook_report_js(void);
tracebook_file tracebook_nights_js(void);
tracebook_file tracebook_icons_svg(void);

#endif
