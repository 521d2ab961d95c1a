"""Trains fraud models on the rows that `fraudstream features` writes, and packs them for the XGBoost container of SageMaker."""
