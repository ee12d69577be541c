/** What a run keeps of single requests and their answers, where that is asked for. */
package org.ssasuite.core.run.items;
