/** Texts that the module brings packed. */
package org.ssasuite.tasks.longbench.text;
