/** A task module as docs/adding-a-task.md writes one by hand. */
package org.ssasuite.core.example;
