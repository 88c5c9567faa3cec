# The aiohttp service: sockets, queue, console, widget, help pages.
FROM python:3.12-slim
RUN useradd --uid 10001 --create-home baton && install -d -o baton /data
WORKDIR /app
COPY requirements/services.txt requirements/
RUN pip install --no-cache-dir -r requirements/services.txt
COPY docker/health.py docker/
COPY live_redis live_redis
COPY handoff_service handoff_service
COPY data/business_hours.yml data/retention.yml data/routing.yml data/widget.yml data/
USER baton
CMD ["python", "-m", "handoff_service"]
