"""What a published document teaches of its place: titles, order, numbering and sentences, as a profile of its own."""

from juesuan.revision.learning.document import Learnt, NotTeachableError, learn_profile
from juesuan.revision.learning.sentences import NotLearnt

__all__ = ["Learnt", "NotLearnt", "NotTeachableError", "learn_profile"]
