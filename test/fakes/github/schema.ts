/** Of GitHub's published schema the types, fields and arguments that are served; what is not here is refused. */
export const TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Query: { repository: "Repository", nodes: "Node" },
  Repository: {
    id: "ID",
    hasDiscussionsEnabled: "Boolean",
    discussions: "DiscussionConnection",
    issues: "IssueConnection",
  },
  DiscussionConnection: { totalCount: "Int", pageInfo: "PageInfo", nodes: "Discussion" },
  IssueConnection: { totalCount: "Int", pageInfo: "PageInfo", nodes: "Issue" },
  PageInfo: { hasNextPage: "Boolean", endCursor: "String" },
  Discussion: {
    id: "ID",
    number: "Int",
    title: "String",
    body: "String",
    url: "URI",
    createdAt: "DateTime",
    updatedAt: "DateTime",
    lastEditedAt: "DateTime",
    category: "DiscussionCategory",
    answer: "DiscussionComment",
  },
  DiscussionCategory: { name: "String", slug: "String" },
  DiscussionComment: comment(),
  Issue: {
    id: "ID",
    number: "Int",
    title: "String",
    body: "String",
    url: "URI",
    createdAt: "DateTime",
    updatedAt: "DateTime",
    lastEditedAt: "DateTime",
    stateReason: "IssueStateReason",
    comments: "IssueCommentConnection",
  },
  IssueCommentConnection: { nodes: "IssueComment" },
  IssueComment: comment(),
  Actor: { login: "String" },
};

function comment(): Readonly<Record<string, string>> {
  return {
    id: "ID",
    body: "String",
    createdAt: "DateTime",
    updatedAt: "DateTime",
    lastEditedAt: "DateTime",
    authorAssociation: "CommentAuthorAssociation",
    isMinimized: "Boolean",
    author: "Actor",
    editor: "Actor",
  };
}

export const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  "Query.repository": ["owner", "name", "followRenames"],
  "Query.nodes": ["ids"],
  "Repository.discussions": ["first", "after", "answered", "categoryId", "orderBy", "states"],
  "Repository.issues": ["first", "after", "states", "labels", "orderBy"],
  "Issue.stateReason": ["enableDuplicate"],
  "Issue.comments": ["first", "last", "after"],
};
