# One image for every process of the suite: `docker run crossing:local service admission`, `worker …`, `migrate …`.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
WORKDIR /build
# Wheels gathered beforehand (`make wheelhouse`) are taken first; pip fetches what is missing. Hashes are checked either way.
COPY requirements.lock wheelhous[e]/* wheelhouse/
RUN /opt/venv/bin/pip install --quiet --require-hashes --find-links wheelhouse -r wheelhouse/requirements.lock
COPY pyproject.toml README.md ./
COPY shared shared
COPY services services
# What only builds does not run: the image has no pip of its own.
RUN /opt/venv/bin/pip install --quiet --no-deps --no-build-isolation . \
 && /opt/venv/bin/pip uninstall --quiet --yes hatchling editables trove-classifiers pip
ENV CROSSING_CACHE_DIR=/opt/crossing/packs
RUN /opt/venv/bin/python -m crossing.packs.check

FROM python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 crossing \
 && useradd --system --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin crossing \
 && install --directory --owner crossing --group crossing /var/lib/crossing
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/crossing /opt/crossing
ENV PATH=/opt/venv/bin:$PATH CROSSING_CACHE_DIR=/opt/crossing/packs PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    TYPER_STANDARD_TRACEBACK=1
USER 10001:10001
WORKDIR /var/lib/crossing
STOPSIGNAL SIGTERM
EXPOSE 8000 9100
ENTRYPOINT ["crossing"]
CMD ["--help"]
