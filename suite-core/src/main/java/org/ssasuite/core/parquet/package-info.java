/** Apache Parquet files as rows: what data sets are published in, read and never believed. */
package org.ssasuite.core.parquet;
