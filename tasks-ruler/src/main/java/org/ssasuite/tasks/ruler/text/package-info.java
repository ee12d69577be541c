/** What RULER's samples are made of: essays and their sentences, questions, lists of words. */
package org.ssasuite.tasks.ruler.text;
