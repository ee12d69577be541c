/** What a report says, as data: sections of tables, curves and grids, which others render. */
package org.ssasuite.core.report;
