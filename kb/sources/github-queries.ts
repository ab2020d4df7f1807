/**
 * Oldest first: what changes while pages are read keeps its place. Of the texts only what tells that they changed: one
 * request lists a hundred.
 */
export const DISCUSSION_LIST = `
  query DiscussionList($owner: String!, $name: String!, $after: String) {
    repository(owner: $owner, name: $name, followRenames: true) {
      id
      hasDiscussionsEnabled
      page: discussions(first: 100, after: $after, answered: true, orderBy: {field: CREATED_AT, direction: ASC}) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes { id number updatedAt category { name slug } answer { id updatedAt isMinimized } }
      }
    }
  }`;

/** Comments near the end: an answer that closed an issue is one of the last things said there. */
export const ISSUE_LIST = `
  query IssueList($owner: String!, $name: String!, $after: String, $labels: [String!]) {
    repository(owner: $owner, name: $name, followRenames: true) {
      id
      page: issues(first: 100, after: $after, states: [CLOSED], labels: $labels, orderBy: {field: CREATED_AT, direction: ASC}) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes { id number updatedAt stateReason(enableDuplicate: true) comments(last: 20) { nodes { id updatedAt authorAssociation isMinimized } } }
      }
    }
  }`;

export const TEXTS = `
  query Texts($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      ... on Discussion {
        id title body url createdAt lastEditedAt
        answer { id body createdAt lastEditedAt author { login } editor { login } }
      }
      ... on Issue {
        id title body url createdAt lastEditedAt
        comments(last: 20) {
          nodes { id body createdAt lastEditedAt authorAssociation isMinimized author { login } editor { login } }
        }
      }
    }
  }`;
