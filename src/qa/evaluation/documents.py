"""Documents of a public set as guides of one section each, so that they go through the very same code as the guides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.datatypes import Guide, Section, SectionStatus
from qa.errors import DatasetError
from qa.evaluation.beir import CORPUS, Document, read_documents
from qa.evaluation.script import guide_language, language_of
from qa.index.guide_source import Corpus
from qa.index.storage import sha256_file

if TYPE_CHECKING:
    from pathlib import Path

_SLUG = "text"


class Documents:
    """The corpus file of a BEIR folder; a source of guides to the index. Its lexicon is empty: nothing is known of its subject."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: tuple[str, list[Document]] = ("", [])

    def __str__(self) -> str:
        return str(self.path)

    def hash(self) -> str:
        """Return the hash of the corpus file."""
        try:
            return sha256_file(self.path)
        except OSError as error:
            message = f"{self.path} can't be read: {error.strerror}. Mend: --dataset with a folder that holds {CORPUS}"
            raise DatasetError(message) from error

    def read(self) -> Corpus:
        """Return a guide for each document that holds text."""
        guides = tuple(_guide(each, self.path.name) for each in self._documents() if each.text.strip() or each.title.strip())
        if not guides:
            raise DatasetError(f"No document in {self.path} holds text. Mend: write some, or name another --dataset")
        return Corpus(guides)

    @property
    def ids(self) -> frozenset[str]:
        """Return the ids of all documents."""
        return frozenset(each.document_id for each in self._documents())

    def _documents(self) -> list[Document]:
        """Return the documents as the file has them now; it is read once while it stays as it is."""
        if (now := self.hash()) != self._read[0]:
            self._read = now, read_documents(self.path)
        return self._read[1]


def _guide(document: Document, file: str) -> Guide:
    """Return document as a guide: its title is the heading, its text the one section; a title alone is the text."""
    text = document.text if document.text.strip() else document.title
    headings = (document.title,) if document.title.strip() and document.text.strip() else ()
    section = Section(
        section_id=f"{document.document_id}#{_SLUG}",
        slug=_SLUG,
        headings=headings,
        start=0,
        body=0,
        end=len(text),
        status=SectionStatus.KNOWN,
        operator=None,
        official_url=None,
    )
    return Guide(
        guide_id=document.document_id,
        language=guide_language(language_of(text)),
        title=document.title,
        operator=None,
        topic=_SLUG,
        checked="",
        official_url=None,
        sources=(),
        sections=(section,),
        text=text,
        path=file,
    )
