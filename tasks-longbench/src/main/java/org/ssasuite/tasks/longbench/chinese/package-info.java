/** Chinese text in words, as jieba cuts it, and the metrics that need them. */
package org.ssasuite.tasks.longbench.chinese;
