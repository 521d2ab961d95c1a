import { sections } from '../navigation.js';
import { slugOf } from '../slug.js';

const LANGUAGES = [
  [/^(import|const) /, 'ts'],
  [/^[\w-]+:( |$)/, 'yaml'],
  [
    /^(\(|#|[A-Z_]+=|(npx|npm|node|fraudstream|aws|curl|kcat|export|git|mvn|python3|pipeline)\b)/,
    'sh',
  ],
];

/** Indented code looks like fenced code, in the language of its first line. */
function showIndentedCode(rules) {
  rules.code_block = (tokens, index, ...others) => {
    const token = tokens[index];
    token.info = LANGUAGES.find(([start]) => start.test(token.content))?.[1] ?? 'txt';
    return rules.fence(tokens, index, ...others);
  };
}

/** https://vitepress.dev/reference/site-config. Dead links are errors: that is the default. */
export default {
  title: 'fraudstream',
  description: 'Load-test real-time fraud pipelines on Kinesis, SageMaker and Flink.',
  srcDir: 'pages',
  outDir: 'dist',
  markdown: {
    anchor: { slugify: slugOf },
    toc: { slugify: slugOf },
    config: (markdown) => showIndentedCode(markdown.renderer.rules),
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    sidebar: sections,
    nav: [
      { text: 'Command line', link: '/cli' },
      { text: 'API', link: '/api/index.html', target: '_self' },
    ],
  },
};
