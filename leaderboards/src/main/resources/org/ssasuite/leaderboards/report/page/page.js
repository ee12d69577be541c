// page.js: tables that sort, filter and hide columns, and the pictures, drawn when they come near.
(function () {
  'use strict';
  var dark = window.matchMedia('(prefers-color-scheme: dark)');
  var drawn = [];

  function save(name, type, text) {
    var link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: type }));
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
  }

  function draw(figure) {
    var box = figure.querySelector('.picture');
    var picture = JSON.parse(figure.querySelector('script').textContent);
    var width = Math.max(300, Math.floor(figure.clientWidth));
    var height = ssaPictures.height(picture, width);
    box.style.height = height + 'px';
    box.style.width = width + 'px';
    var chart = echarts.getInstanceByDom(box) || echarts.init(box, null, { renderer: 'svg' });
    chart.resize({ width: width, height: height });
    chart.setOption(ssaPictures.option(picture, width, dark.matches), true);
    box.dataset.drawn = 'true';
    return picture;
  }

  function begin(figure) {
    if (drawn.indexOf(figure) < 0) {
      drawn.push(figure);
      draw(figure);
    }
  }

  function redraw() {
    drawn.forEach(draw);
  }

  function numbers(figure, details) {
    if (details.querySelector('table')) {
      return;
    }
    var picture = JSON.parse(figure.querySelector('script').textContent);
    var content = ssaPictures.numbers(picture);
    details.appendChild(
      tableOf(picture.title + ': numbers', content.head, content.rows, function (cell, value) {
        cell.textContent = typeof value === 'number' ? ssaPictures.digits(value) : value;
      })
    );
  }

  /** A table in a region of its own, which scrolls; fill puts a value into a cell. */
  function tableOf(title, head, rows, fill) {
    var table = document.createElement('table');
    var line = table.createTHead().insertRow();
    head.forEach(function (name) {
      var cell = document.createElement('th');
      cell.scope = 'col';
      cell.textContent = name;
      line.appendChild(cell);
    });
    var body = table.createTBody();
    rows.forEach(function (row) {
      var line = body.insertRow();
      row.forEach(function (value, at) { fill(line.insertCell(), value, at); });
    });
    var region = document.createElement('div');
    region.className = 'wide';
    region.tabIndex = 0;
    region.setAttribute('role', 'region');
    region.setAttribute('aria-label', title);
    region.appendChild(table);
    return region;
  }

  /** What is known of a sample: a list of [name, text]. */
  function facts(cell, all) {
    var details = document.createElement('details');
    var summary = document.createElement('summary');
    summary.textContent = 'show';
    details.appendChild(summary);
    var list = document.createElement('dl');
    all.forEach(function (fact) {
      ['dt', 'dd'].forEach(function (kind, i) {
        var one = document.createElement(kind);
        one.textContent = fact[i];
        list.appendChild(one);
      });
    });
    details.appendChild(list);
    cell.appendChild(details);
  }

  // Tables that are folded are made when they are first opened: a report may have thousands.
  document.querySelectorAll('details.fold').forEach(function (fold) {
    fold.addEventListener('toggle', function () {
      if (fold.querySelector('table')) {
        return;
      }
      var content = JSON.parse(fold.querySelector('script').textContent);
      var title = fold.querySelector('summary').textContent;
      var region = tableOf(title + ': table', content.head, content.rows, function (cell, value, at) {
        if (typeof value === 'string') {
          cell.textContent = value;
        } else {
          facts(cell, value);
        }
        if (content.numbers.indexOf(at) >= 0) {
          cell.className = 'n';
        }
      });
      content.numbers.forEach(function (at) { region.querySelectorAll('th')[at].className = 'n'; });
      fold.appendChild(region);
    });
  });

  document.querySelectorAll('figure.drawn').forEach(function (figure) {
    figure.querySelector('.csv').addEventListener('click', function () {
      var picture = JSON.parse(figure.querySelector('script').textContent);
      save(picture.key + '.csv', 'text/csv', ssaPictures.csv(picture));
    });
    figure.querySelector('.svg').addEventListener('click', function () {
      var picture = JSON.parse(figure.querySelector('script').textContent);
      save(picture.key + '.svg', 'image/svg+xml', ssaPictures.svg(picture, 900));
    });
    var details = figure.querySelector('details');
    details.addEventListener('toggle', function () { numbers(figure, details); });
  });

  var figures = Array.prototype.slice.call(document.querySelectorAll('figure.drawn'));

  /** ECharts lies packed in the page. */
  function unpacked() {
    var packed = document.getElementById('echarts');
    if (!figures.length || typeof DecompressionStream === 'undefined') {
      return Promise.reject(new Error('nothing is drawn'));
    }
    var bytes = Uint8Array.from(atob(packed.textContent), function (each) { return each.charCodeAt(0); });
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Response(stream).text().then(function (text) {
      var script = document.createElement('script');
      script.textContent = text;
      document.head.appendChild(script);
    });
  }

  // The first ones at once, others when they come near or while nothing else is to do.
  var FIRST = 3;

  function drawAll() {
    var near = new IntersectionObserver(
      function (entries) {
        entries.forEach(function (entry) {
          if (entry.isIntersecting) {
            near.unobserve(entry.target);
            begin(entry.target);
          }
        });
      },
      { rootMargin: '1200px' }
    );
    figures.forEach(function (figure) { near.observe(figure); });
    figures.slice(0, FIRST).forEach(begin);
    function next(at) {
      if (at < figures.length) {
        begin(figures[at]);
        setTimeout(function () { next(at + 1); }, 20);
      }
    }
    setTimeout(function () { next(FIRST); }, 100);
    window.addEventListener('beforeprint', function () { figures.forEach(begin); });
  }

  unpacked().then(drawAll, function () {
    document.getElementById('undrawn').hidden = figures.length === 0;
  });

  var waiting;
  window.addEventListener('resize', function () {
    clearTimeout(waiting);
    waiting = setTimeout(redraw, 150);
  });
  dark.addEventListener('change', redraw);
  function value(row, at) {
    var cell = row.cells[at];
    return cell.dataset.v === undefined ? cell.textContent.trim() : Number(cell.dataset.v);
  }

  function compare(a, b) {
    if (typeof a === typeof b) {
      return typeof a === 'number' ? a - b : a.localeCompare(b);
    }
    return typeof a === 'number' ? -1 : 1;
  }

  function sort(table, at, heading) {
    var up = heading.getAttribute('aria-sort') !== 'ascending';
    table.querySelectorAll('th[aria-sort]').forEach(function (other) { other.removeAttribute('aria-sort'); });
    heading.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    var body = table.tBodies[0];
    Array.prototype.slice
      .call(body.rows)
      .sort(function (a, b) { return (up ? 1 : -1) * compare(value(a, at), value(b, at)); })
      .forEach(function (row) { body.appendChild(row); });
  }

  document.querySelectorAll('table.sorted').forEach(function (table) {
    var section = table.closest('section');
    table.querySelectorAll('thead th').forEach(function (heading, at) {
      heading.querySelector('button').addEventListener('click', function () { sort(table, at, heading); });
    });
    var filter = section.querySelector('input.filter');
    filter.addEventListener('input', function () {
      var words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      var shown = 0;
      Array.prototype.forEach.call(table.tBodies[0].rows, function (row) {
        var text = row.textContent.toLowerCase();
        row.hidden = !words.every(function (word) { return text.indexOf(word) >= 0; });
        shown += row.hidden ? 0 : 1;
      });
      section.querySelector('.shown').textContent = shown + ' of ' + table.tBodies[0].rows.length + ' rows';
    });
    section.querySelectorAll('input.column').forEach(function (box, at) {
      box.addEventListener('change', function () {
        Array.prototype.forEach.call(table.rows, function (row) { row.cells[at].hidden = !box.checked; });
      });
    });
  });

  function reveal() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.substring(1)));
    if (target && target.tagName === 'DETAILS') {
      target.open = true;
    }
  }
  window.addEventListener('hashchange', reveal);
  reveal();
})();
