/** What is measured: tasks, their samples, and the scores that samples get. */
package org.ssasuite.core.task;
