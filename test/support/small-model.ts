/** What a booster of one tree says of itself. */
export interface SmallModel {
  readonly names: readonly string[];
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A booster of one tree, as XGBoost saves it: it splits at an amount of 50 US dollars, the first feature. */
export function smallModel({ names, attributes = {} }: SmallModel): string {
  const tree = {
    left_children: [1, -1, -1],
    right_children: [2, -1, -1],
    split_indices: [0, 0, 0],
    split_conditions: [50, -1, 1],
    split_type: [0, 0, 0],
    default_left: [1, 0, 0],
  };
  const model = { gbtree_model_param: { num_trees: '1', num_parallel_tree: '1' }, trees: [tree] };
  return JSON.stringify({
    learner: {
      attributes,
      feature_names: names,
      gradient_booster: { name: 'gbtree', model },
      learner_model_param: { base_score: '5E-1', num_class: '0', num_feature: `${names.length}` },
      objective: { name: 'binary:logistic' },
    },
    version: [1, 7, 6],
  });
}
