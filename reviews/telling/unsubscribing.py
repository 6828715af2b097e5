"""The link under a digest that ends the digests: signed, for who follows it need not be signed in."""

from http import HTTPStatus

from django.contrib.auth.models import User
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from reviews.operations.inbox import stop_digests

_SIGNER = "reviews.unsubscribing"


def address(person: User) -> str:
    """The path of a person's own link. It does not lapse, for old letters are answered late."""
    return reverse("unsubscribe", args=[Signer(salt=_SIGNER).sign(str(person.pk))])


@csrf_exempt  # the signed address is the proof, and mail programs post to it by themselves (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, signed: str) -> HttpResponse:
    """Ask whether the digests are to end; a POST ends them. Nothing on the page says whose they are."""
    try:
        person_id = int(Signer(salt=_SIGNER).unsign(signed))
    except (BadSignature, ValueError) as error:
        raise Http404("This link is none of ours.") from error
    if request.method == "POST":
        stop_digests(person_id=person_id)
    return render(
        request,
        "reviews/discussion/unsubscribe.html",
        {"is_done": request.method == "POST"},
        status=HTTPStatus.OK,
    )
