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
tracebook_file tracebook_icons_svg(void);

tracebook_file tracebook_style_base(void);
tracebook_file tracebook_style_inks(void);
tracebook_file tracebook_style_charts(void);
tracebook_file tracebook_style_findings(void);
tracebook_file tracebook_style_fields(void);
tracebook_file tracebook_style_waterfall(void);
tracebook_file tracebook_style_errors(void);
tracebook_file tracebook_style_latency(void);
tracebook_file tracebook_style_graph(void);
tracebook_file tracebook_style_dependencies(void);
tracebook_file tracebook_style_sampling(void);
tracebook_file tracebook_style_print(void);

tracebook_file tracebook_script_base(void);
tracebook_file tracebook_script_terms(void);
tracebook_file tracebook_script_rows(void);
tracebook_file tracebook_script_waterfall(void);
tracebook_file tracebook_script_nights(void);

#endif
